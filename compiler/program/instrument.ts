/**
 * Compiling in the hooks: monitors and recording hooks become `monitor` statements at their events.
 *
 * In: procedures by name and a system's hooks. Out: procedures with `monitor` statements and with `wait` bodies
 * and `ghost` blocks lifted into procedures of their own. Never: a change of what kernel code does.
 *
 * A monitor that belongs to a statement runs with it: the graph builder keeps the two in one step. A store
 * whose field has a hook becomes an exchange, so that the value before is read in the same instant.
 */

import type { Hook, HookEvent, SystemDescription } from '../description.ts';
import type { Expr, Local, Param, Place, Procedure, ProcedureTable, ScalarType, Stmt, StmtBase } from '../ir/types.ts';
import { boolType, voidType } from '../ir/types.ts';
import { localsRead, localsWritten, mapStmts, visitStmts } from '../ir/walk.ts';

interface BoundHook {
  readonly procedure: string;
  readonly property: string | null;
  /** Of a property that measures: its monitors give numbers. */
  readonly bound?: number;
}

/** The event tables of a system: which hooks run where. */
interface HookIndex {
  at(event: string): readonly BoundHook[];
}

/** Name of the procedure that a lifted `wait` condition or `ghost` block becomes. */
function liftedName(procedure: string, kind: 'wait' | 'ghost', id: string): string {
  return `${kind}$${procedure}$${id}`;
}

/** Procedures with every hook compiled in; new procedures for waits and ghost blocks are added. */
export function instrument(description: SystemDescription): ProcedureTable {
  const index = indexHooks(description);
  const monitors = new Set(
    [...description.hooks, ...description.properties.flatMap((p) => (p.kind === 'event' ? p.hooks : []))].map((h) => h.procedure),
  );
  const result = new Map<string, Procedure>();
  for (const procedure of description.procedures.values()) {
    const plain = monitors.has(procedure.name) ? procedure : withHooks(procedure, index, description);
    const { lifted, procedures } = lift(plain);
    result.set(lifted.name, lifted);
    for (const extra of procedures) result.set(extra.name, extra);
  }
  return result;
}

function eventKey(event: HookEvent): string {
  switch (event.on) {
    case 'write':
    case 'listAdd':
    case 'listRemove':
      return `${event.on} ${event.table}.${event.field}`;
    case 'call':
    case 'return':
      return `${event.on} ${event.procedure}`;
    case 'alloc':
    case 'free':
      return `${event.on} ${event.table}`;
  }
}

function indexHooks(description: SystemDescription): HookIndex {
  const hooks = new Map<string, BoundHook[]>();
  const add = (hook: Hook, property: string | null, bound?: number): void => {
    const key = eventKey(hook.event);
    const list = hooks.get(key) ?? [];
    const measures = bound !== undefined && description.procedures.get(hook.procedure)?.result.kind === 'int';
    list.push({ procedure: hook.procedure, property, ...(measures ? { bound } : {}) });
    hooks.set(key, list);
  };
  for (const hook of description.hooks) add(hook, null);
  for (const property of description.properties) {
    if (property.kind === 'event') for (const hook of property.hooks) add(hook, property.id, property.bound);
  }
  return { at: (event) => hooks.get(event) ?? [] };
}

/** Temporaries that instrumentation needs, collected while a body is rebuilt. */
class Temporaries {
  readonly locals: Local[] = [];
  make(type: ScalarType): string {
    const name = `$hook${this.locals.length}`;
    this.locals.push({ name, type, temporary: true });
    return name;
  }
}

function withHooks(procedure: Procedure, index: HookIndex, description: SystemDescription): Procedure {
  const temporaries = new Temporaries();
  const monitorsAt = (key: string, base: StmtBase, args: readonly Expr[]): Stmt[] =>
    index.at(key).map(
      (hook): Stmt => ({
        kind: 'monitor',
        id: `${base.id}@${hook.procedure}`,
        pos: base.pos,
        property: hook.property,
        procedure: hook.procedure,
        args,
        ...(hook.bound === undefined ? {} : { bound: hook.bound }),
      }),
    );
  const { standsFor } = procedure;
  const params = standsFor?.shown ?? procedure.params.map((p): Expr => ({ op: 'local', type: p.type, local: p.name }));
  const results = (value: Expr | null): readonly Expr[] => {
    if (standsFor === undefined) return value === null ? [] : [value];
    return value === null || standsFor.result.kind === 'void' ? [] : [asType(value, standsFor.result)];
  };

  const around = (stmt: Stmt): readonly Stmt[] => {
    switch (stmt.kind) {
      case 'store': {
        const key = `write ${stmt.place.table}.${stmt.place.field}`;
        if (index.at(key).length === 0) return [stmt];
        const type = scalarField(description, stmt.place);
        const before = temporaries.make(type);
        const exchange: Stmt = {
          kind: 'atomic',
          id: stmt.id,
          pos: stmt.pos,
          operator: 'exchange',
          place: stmt.place,
          operands: [stmt.value],
          dst: before,
          success: null,
        };
        return [
          exchange,
          ...monitorsAt(key, stmt, [...placeArgs(stmt.place), local(before, type), asStored(stmt.value, description, stmt.place, type)]),
        ];
      }
      case 'atomic': {
        const key = `write ${stmt.place.table}.${stmt.place.field}`;
        if (index.at(key).length === 0) return [stmt];
        return aroundAtomic(stmt, scalarField(description, stmt.place), temporaries, ([was, is]) =>
          monitorsAt(key, stmt, [
            ...placeArgs(stmt.place),
            was,
            asStored(is, description, stmt.place, scalarField(description, stmt.place)),
          ]),
        );
      }
      case 'alloc':
        return [
          stmt,
          ...monitorsAt(`alloc ${stmt.table}`, stmt, [local(stmt.dst, { kind: 'ref', table: stmt.table, strong: true, specials: 0 })]),
        ];
      case 'free': {
        const table = stmt.ref.type.kind === 'ref' ? stmt.ref.type.table : '';
        return [...monitorsAt(`free ${table}`, stmt, [stmt.ref]), stmt];
      }
      case 'list': {
        if (stmt.element === null) return [stmt];
        const on = stmt.operator === 'add' || stmt.operator === 'addTail' ? 'listAdd' : stmt.operator === 'remove' ? 'listRemove' : null;
        if (on === null) return [stmt];
        return [stmt, ...monitorsAt(`${on} ${stmt.list.table}.${stmt.list.field}`, stmt, [...placeArgs(stmt.list), stmt.element])];
      }
      case 'return':
        return [...monitorsAt(`return ${procedure.name}`, stmt, [...params, ...results(stmt.value)]), stmt];
      default:
        return [stmt];
    }
  };
  const entry: StmtBase = { id: `${procedure.name}:entry`, pos: procedure.pos };
  const exit: StmtBase = { id: `${procedure.name}:exit`, pos: procedure.pos };
  const inner = mapStmts(procedure.body, around);
  const body = [...monitorsAt(`call ${procedure.name}`, entry, params), ...inner];
  // A void procedure may fall off its end; one with a result returns everywhere.
  if (procedure.result.kind === 'void' && !endsWithReturn(inner)) body.push(...monitorsAt(`return ${procedure.name}`, exit, params));
  return { ...procedure, body, locals: [...procedure.locals, ...temporaries.locals] };
}

function endsWithReturn(body: readonly Stmt[]): boolean {
  return body.at(-1)?.kind === 'return';
}

/** The types are such as a cast, or nothing, leads from one to the other. */
function asType(value: Expr, type: ScalarType): Expr {
  return JSON.stringify(value.type) === JSON.stringify(type) ? value : { op: 'cast', type, a: value };
}

function local(name: string, type: ScalarType): Expr {
  return { op: 'local', type, local: name };
}

function placeArgs(place: Place): Expr[] {
  if (place.kind === 'field') return [place.row, place.index].filter((e) => e !== null);
  const row: Expr = { op: 'pointerRow', type: { kind: 'ref', table: place.table, strong: true, specials: 0 }, a: place.pointer };
  const index: Expr = {
    op: 'pointerIndex',
    type: { kind: 'int', min: 0, max: 0xffff_ffff, overflow: 'wrap', underflow: 'wrap' },
    a: place.pointer,
  };
  return [row, index];
}

function scalarField(description: SystemDescription, place: Place): ScalarType {
  const field = fieldNamed(description, place);
  if (field === undefined || field.type.kind === 'lock' || field.type.kind === 'list')
    throw new Error(`write hook on ${place.table}.${place.field}, which is not a scalar field`);
  // What a read gives, in the widths that locals have.
  if (field.type.kind !== 'int') return field.type;
  return {
    kind: 'int',
    min: field.type.min < 0 ? -0x8000_0000 : 0,
    max: field.type.min < 0 ? 0x7fff_ffff : 0xffff_ffff,
    overflow: 'wrap',
    underflow: 'wrap',
  };
}

/** What a write leaves in the field: its rule may wrap the value or keep it at an end. */
function asStored(value: Expr, description: SystemDescription, place: Place, read: ScalarType): Expr {
  const type = fieldNamed(description, place)?.type;
  if (type?.kind !== 'int') return value;
  return { op: 'cast', type: read, a: { op: 'cast', type, a: value } };
}
function fieldNamed(description: SystemDescription, place: Place) {
  return description.machine.tables.find((t) => t.name === place.table)?.fields.find((f) => f.path === place.field);
}

type AtomicStmt = Extract<Stmt, { kind: 'atomic' }>;

function aroundAtomic(
  stmt: AtomicStmt,
  type: ScalarType,
  temporaries: Temporaries,
  monitors: (values: [before: Expr, after: Expr]) => Stmt[],
): Stmt[] {
  const dst = stmt.dst ?? temporaries.make(type);
  const [first, second] = stmt.operands;
  if (first === undefined) throw new Error('an atomic statement has operands');
  const before = local(dst, type);
  if (stmt.operator === 'compareExchange') {
    const success = stmt.success ?? temporaries.make(boolType);
    const run: Stmt = {
      kind: 'if',
      id: `${stmt.id}@exchanged`,
      pos: stmt.pos,
      cond: local(success, boolType),
      then: monitors([before, second ?? first]),
      else: [],
      condition: true,
    };
    return [{ ...stmt, dst, success }, run];
  }
  const operator = stmt.operator === 'fetchAnd' ? '&' : stmt.operator === 'fetchOr' ? '|' : '+';
  const after: Expr = stmt.operator === 'exchange' ? first : { op: 'binary', type, operator, a: before, b: first };
  return [{ ...stmt, dst }, ...monitors([before, after])];
}

/** `wait` conditions and `ghost` blocks become procedures, so that each is one node of the graph. */
function lift(procedure: Procedure): { lifted: Procedure; procedures: Procedure[] } {
  const procedures: Procedure[] = [];
  const types = new Map<string, ScalarType>([...procedure.params, ...procedure.locals].map((l) => [l.name, l.type]));
  const body = mapStmts(procedure.body, (stmt) => {
    if (stmt.kind === 'ghost') {
      const name = liftedName(procedure.name, 'ghost', stmt.id);
      const made = liftBody(procedure, name, stmt.body, null, types);
      procedures.push(made);
      return [
        {
          kind: 'monitor',
          id: stmt.id,
          pos: stmt.pos,
          property: null,
          procedure: name,
          args: made.params.map((p) => local(p.name, p.type)),
        },
      ];
    }
    if (stmt.kind === 'wait') {
      const name = liftedName(procedure.name, 'wait', stmt.id);
      procedures.push(liftBody(procedure, name, stmt.body, stmt.cond, types));
      return [{ ...stmt, body: [] }];
    }
    return [stmt];
  });
  return { lifted: { ...procedure, body }, procedures };
}

/** The procedure that a `wait` of this statement evaluates. */
export function waitProcedure(procedure: string, stmt: StmtBase): string {
  return liftedName(procedure, 'wait', stmt.id);
}

function liftBody(
  owner: Procedure,
  name: string,
  body: readonly Stmt[],
  result: Expr | null,
  types: ReadonlyMap<string, ScalarType>,
): Procedure {
  const read = new Set<string>();
  const written = new Set<string>();
  const returned: Stmt | null = result === null ? null : { kind: 'return', id: `${name}:result`, pos: owner.pos, value: result };
  const whole = returned === null ? body : [...body, returned];
  visitStmts(whole, (stmt) => {
    for (const l of localsRead(stmt)) read.add(l);
    for (const l of localsWritten(stmt)) written.add(l);
  });
  const typeOf = (l: string): ScalarType => {
    const type = types.get(l);
    if (type === undefined) throw new Error(`${owner.name}: local ${l} is not declared`);
    return type;
  };
  // What the body assigns before it reads is its own; the rest comes in. Reading both ways is harmless: it comes in, too.
  const params: Param[] = [...read].filter((l) => !written.has(l)).map((l) => ({ name: l, type: typeOf(l), mode: 'in' }));
  const locals: Local[] = [...written].map((l) => ({ name: l, type: typeOf(l) }));
  return { name, params, result: result === null ? voidType : boolType, locals, body: whole, pos: owner.pos, doc: '' };
}
