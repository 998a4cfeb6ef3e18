/**
 * Loops that walk all rows of a table for those whose field has a value.
 *
 * In: a procedure. Out: its loops of that shape, each with what it looks for. Never: a loop that does anything for other rows:
 * to skip them changes nothing but the time.
 */
import type { Expr, Procedure, ProcedureTable, Stmt, TableDescription } from '../ir/types.ts';
import { localsOfExpr, localsRead, localsWritten, placeOf, visitStmts } from '../ir/walk.ts';

export interface RowScan {
  /** Only allocated rows are asked for their field. */
  readonly table: string;
  readonly field: string;
  /** Does not change in the loop. */
  readonly value: Expr;
  /** The local that counts rows. */
  readonly counter: string;
}

/** By the loop itself. */
export function rowScansOf(
  { body }: Procedure,
  tables: ReadonlyMap<string, TableDescription>,
  procedures: ProcedureTable,
): ReadonlyMap<Stmt, RowScan> {
  const found = new Map<Stmt, RowScan>();
  visitStmts(body, (stmt) => {
    const scan = stmt.kind === 'loop' ? scanOf(stmt, tables, procedures) : null;
    if (scan !== null && onlyInside(stmt, [scan.counter, ...scan.written], body)) found.set(stmt, scan);
  });
  return found;
}

/** Fields that scans ask for, without those that anything but a plain store writes. */
export function indexedFields(procedures: readonly Procedure[], scans: readonly RowScan[]): readonly Pick<RowScan, 'table' | 'field'>[] {
  const wanted = new Map(scans.map(({ table, field }) => [`${table}.${field}`, { table, field }]));
  for (const { body } of procedures) {
    visitStmts(body, (stmt) => {
      const place = placeOf(stmt);
      const plain = stmt.kind === 'load' || (stmt.kind === 'store' && place?.kind === 'field');
      if (place !== null && !plain) wanted.delete(`${place.table}.${place.field}`);
    });
  }
  return [...wanted.values()];
}

/** `for (i < rows) { const row = rowAt(table, i); … if it is allocated … if its field is the value … }`. */
function scanOf(
  loop: Stmt & { kind: 'loop' },
  tables: ReadonlyMap<string, TableDescription>,
  procedures: ProcedureTable,
): (RowScan & Pick<Filter, 'written'>) | null {
  const [bound, first, ...rest] = loop.body;
  const step = rest.pop();
  if (bound?.kind !== 'if' || bound.else.length > 0 || !leaves(bound.then, loop.label)) return null;
  const { cond } = bound;
  if (cond.op !== 'binary' || cond.operator !== '>=' || cond.a.op !== 'local' || cond.b.op !== 'const') return null;
  const counter = cond.a.local;
  if (step === undefined || !incremented(step, counter)) return null;
  const taken = rowTaken(first, counter) ?? (first?.kind === 'block' && rest.length === 0 ? rowTaken(first.body[0], counter) : null);
  const table = taken === null ? undefined : tables.get(taken.table);
  if (taken === null || table?.dynamic !== true || cond.b.value > table.rows) return null;
  const changing = new Set<string>();
  visitStmts(loop.body.slice(1, -1), (stmt) => {
    for (const local of localsWritten(stmt)) changing.add(local);
  });
  if (changing.has(counter)) return null;
  const inner = first?.kind === 'block' ? { stmts: first.body.slice(1), skip: first.label } : { stmts: rest, skip: null };
  const filter = filterOf({ ...inner, row: taken.local, changing: new Set([...changing, counter]), procedures });
  if (filter === null) return null;
  return { table: taken.table, field: filter.field, value: filter.value, counter, written: [taken.local, ...filter.written] };
}

function rowTaken(stmt: Stmt | undefined, counter: string): { readonly local: string; readonly table: string } | null {
  if (stmt?.kind !== 'assign' || stmt.value.op !== 'rowAt' || !isLocal(stmt.value.a, counter)) return null;
  return { local: stmt.dst, table: stmt.value.type.table };
}

interface Filter {
  readonly field: string;
  readonly value: Expr;
  /** Locals that are written for rows without the value, too. */
  readonly written: readonly string[];
}
interface Filtered {
  readonly stmts: readonly Stmt[];
  /** The block around them, whose end is the end of what is done for a row. */
  readonly skip: string | null;
  /** Holds the row. */
  readonly row: string;
  /** Locals that may hold something of another row until they are written. */
  readonly changing: ReadonlySet<string>;
  readonly procedures: ProcedureTable;
}

/** Straight on to the comparison of a field, past nothing but what is read of the row and calls that compare the same; null: there is more. */
function filterOf({ stmts: body, skip, row, changing, procedures }: Filtered): Filter | null {
  const written: string[] = [];
  const fields = new Map<string, string>();
  const called: Omit<Filter, 'written'>[] = [];
  let query: string | null = null;
  let allocated = false;
  let stmts = body;
  for (let k = 0; k < stmts.length; k++) {
    const stmt = stmts[k];
    if (stmt === undefined || localsWritten(stmt).includes(row)) return null;
    if (stmt.kind === 'rowQuery' && isLocal(stmt.ref, row)) {
      query = stmt.dst;
      written.push(stmt.dst);
    } else if (stmt.kind === 'load' && allocated && stmt.place.kind === 'field' && isLocal(stmt.place.row, row)) {
      if (stmt.place.index !== null) return null;
      fields.set(stmt.dst, stmt.place.field);
      written.push(stmt.dst);
    } else if (stmt.kind === 'if' && stmt.else.length === 0) {
      const skips = skip !== null && leaves(stmt.then, skip);
      const compared = comparedField(stmt.cond, skips ? '!=' : '==', fields);
      const last = k === stmts.length - 1;
      if (compared !== null && (skips || last)) {
        return constant(compared.value) && called.every((one) => same(one, compared)) ? { ...compared, written } : null;
      }
      if (carried(stmt)) return null;
      const [call] = stmt.then;
      const filter = stmt.then.length === 1 && call?.kind === 'call' && !last ? filterOfCall(call, row, procedures) : null;
      if (filter !== null) {
        called.push(filter);
        continue;
      }
      if (!skips && !last) return null;
      if (isTruth(stmt.cond, query, !skips)) allocated = true;
      if (!skips) [stmts, k] = [stmt.then, -1];
    } else if (stmt.kind === 'call' && !carried(stmt)) {
      const filter = filterOfCall(stmt, row, procedures);
      if (filter === null) return null;
      called.push(filter);
    } else {
      return null;
    }
  }
  return null;

  function constant(value: Expr): boolean {
    return localsOfExpr(value).every((local) => !changing.has(local) && !written.includes(local));
  }
  /** Reads what another row may have left. */
  function carried(stmt: Stmt): boolean {
    return localsRead(stmt).some((local) => local !== row && changing.has(local) && !written.includes(local));
  }
}

/** A call that does nothing if the row that it is given has another value, and calls nothing before it knows. */
function filterOfCall(call: Stmt & { kind: 'call' }, row: string, procedures: ProcedureTable): Omit<Filter, 'written'> | null {
  const callee = procedures.get(call.callee);
  if (callee === undefined || call.dst !== null) return null;
  const values = call.args.map((arg) => (arg.mode === 'in' ? arg.value : null));
  const mine = callee.params[values.findIndex((value) => isLocal(value, row))];
  if (mine === undefined || values.includes(null)) return null;
  const filter = filterOf({ stmts: callee.body, skip: null, row: mine.name, changing: new Set(), procedures: new Map() });
  if (filter === null || filter.value.op !== 'local') return null;
  const { local } = filter.value;
  const given = values[callee.params.findIndex(({ name }) => name === local)] ?? null;
  return given === null ? null : { field: filter.field, value: given };
}

function same(one: Omit<Filter, 'written'>, other: Omit<Filter, 'written'>): boolean {
  if (one.field !== other.field) return false;
  if (one.value.op === 'local') return isLocal(other.value, one.value.local);
  return one.value.op === 'const' && other.value.op === 'const' && one.value.value === other.value.value;
}

/** A field of the row on one side. */
function comparedField(cond: Expr, operator: '==' | '!=', fields: ReadonlyMap<string, string>): Pick<RowScan, 'field' | 'value'> | null {
  if (cond.op !== 'binary' || cond.operator !== operator) return null;
  for (const [one, value] of [
    [cond.a, cond.b],
    [cond.b, cond.a],
  ] as const) {
    const field = one.op === 'local' ? fields.get(one.local) : undefined;
    if (field !== undefined && (value.op === 'local' || value.op === 'const')) return { field, value };
  }
  return null;
}

/** The local itself, or its negation. */
function isTruth(cond: Expr, local: string | null, positive: boolean): boolean {
  if (local === null) return false;
  if (positive) return isLocal(cond, local);
  return cond.op === 'unary' && cond.operator === '!' && isLocal(cond.a, local);
}
function isLocal(expr: Expr | null, local: string | undefined): boolean {
  return expr?.op === 'local' && expr.local === local;
}
function leaves(stmts: readonly Stmt[], label: string): boolean {
  const [only] = stmts;
  return stmts.length === 1 && only?.kind === 'leave' && only.label === label;
}
function incremented(stmt: Stmt, local: string): boolean {
  if (stmt.kind !== 'assign' || stmt.dst !== local || stmt.value.op !== 'binary' || stmt.value.operator !== '+') return false;
  return isLocal(stmt.value.a, local) && stmt.value.b.op === 'const' && stmt.value.b.value === 1;
}

/** Whether nothing outside the loop reads these locals. */
function onlyInside(loop: Stmt, locals: readonly string[], body: readonly Stmt[]): boolean {
  let only = true;
  visitStmts(body, (stmt, parents) => {
    if (stmt === loop || parents.includes(loop)) return;
    if (localsRead(stmt).some((local) => locals.includes(local))) only = false;
  });
  return only;
}
