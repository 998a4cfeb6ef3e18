/**
 * Statements of the IR as JavaScript for true scale: structured as they are, without preemption.
 *
 * In: statements, the names in their procedure. Out: texts. Never: a step, a cut, a ghost statement (it only watches).
 */
import type { Argument, Place, Stmt } from '../ir/types.ts';
import { bring, emitExpr, type Names, pointerType, refType } from './expressions.ts';
import type { ScaleMemory } from './memory.ts';
import type { RowScan } from './rowScans.ts';

/** What the statements of one procedure need to know of the rest. */
export interface Scope extends Names {
  readonly memory: ScaleMemory;
  label(name: string): string;
  /** Brings a value into the type of a local. */
  bringLocal(name: string, text: string): string;
  /** The text of a call, of a return. */
  call(callee: string, args: readonly string[]): string;
  leave(value: string | null): string;
  /** Name of the generated variable for cells (columns, lists, locks) of a field; for the allocated rows of a table. */
  cells(table: string, field: string): string;
  rows(table: string): string;
  /** Name of the generated variable for the index of a field; null: it has none. */
  index(table: string, field: string): string | null;
  /** What a loop looks for, if all that it does is done for the rows of an index. */
  scan(loop: Stmt): RowScan | null;
}

export function emitStmts(stmts: readonly Stmt[], scope: Scope): string {
  return stmts.map((stmt) => emitStmt(stmt, scope)).join('\n');
}

function emitStmt(stmt: Stmt, scope: Scope): string {
  const expr = (each: Parameters<typeof emitExpr>[0]) => emitExpr(each, scope);
  const set = (local: string, text: string) => `${scope.local(local)}=${scope.bringLocal(local, text)};`;
  switch (stmt.kind) {
    case 'assign':
      return set(stmt.dst, expr(stmt.value));
    case 'load':
      return set(stmt.dst, `${cellsOf(stmt.place, scope)}[${cellOf(stmt.place, scope)}]`);
    case 'store': {
      const index = scope.index(stmt.place.table, stmt.place.field);
      if (index !== null) return `${index}.set(${cellOf(stmt.place, scope)},${stored(stmt.place, expr(stmt.value), scope)});`;
      return `${cellsOf(stmt.place, scope)}[${cellOf(stmt.place, scope)}]=${stored(stmt.place, expr(stmt.value), scope)};`;
    }
    case 'atomic':
      return atomic(stmt, scope);
    case 'call': {
      const call = scope.call(
        stmt.callee,
        stmt.args.map((arg) => argument(arg, scope)),
      );
      const back = stmt.args.flatMap((arg, k) => (arg.mode === 'inout' ? [set(arg.local, `OUT[${k}]`)] : []));
      return [stmt.dst === null ? `${call};` : set(stmt.dst, call), ...back].join('');
    }
    case 'if': {
      const otherwise = stmt.else.length === 0 ? '' : `else{\n${emitStmts(stmt.else, scope)}\n}`;
      return `if(${expr(stmt.cond)}!==0){\n${emitStmts(stmt.then, scope)}\n}${otherwise}`;
    }
    case 'loop':
      return `${scope.label(stmt.label)}:for(;;){\n${skipRows(stmt, scope)}${emitStmts(stmt.body, scope)}\n}`;
    case 'block':
      return `${scope.label(stmt.label)}:{\n${emitStmts(stmt.body, scope)}\n}`;
    case 'leave':
      return `break ${scope.label(stmt.label)};`;
    case 'continue':
      return `continue ${scope.label(stmt.label)};`;
    case 'return':
      return scope.leave(stmt.value === null ? null : expr(stmt.value));
    case 'acquire':
    case 'release':
      return `${cellsOf(stmt.lock, scope)}.${stmt.kind}(${cellOf(stmt.lock, scope)},'${stmt.mode}',S);`;
    case 'tryAcquire':
      return set(stmt.dst, `${cellsOf(stmt.lock, scope)}.tryAcquire(${cellOf(stmt.lock, scope)},'${stmt.mode}',S)`);
    case 'lockQuery': {
      // Nobody else runs; whether somebody would is for the schedule to say.
      const lock = JSON.stringify(`${stmt.lock.table}.${stmt.lock.field}`);
      if (stmt.query === 'contended') return set(stmt.dst, `contended(${lock})`);
      return set(stmt.dst, `${cellsOf(stmt.lock, scope)}.held(${cellOf(stmt.lock, scope)},'${stmt.query}',S)`);
    }
    case 'list': {
      const args = [cellOf(stmt.list, scope), ...(stmt.element === null ? [] : [expr(stmt.element)])];
      const call = `${cellsOf(stmt.list, scope)}.${stmt.operator}(${args.join(',')})`;
      return stmt.dst === null ? `${call};` : set(stmt.dst, call);
    }
    case 'alloc':
      return set(stmt.dst, `M.alloc(${JSON.stringify(stmt.table)})+1`);
    case 'free': {
      const { table } = refType(stmt.ref);
      return `M.free(${JSON.stringify(table)},row(${expr(stmt.ref)},${scope.tables.get(table)?.rows ?? 0}));`;
    }
    case 'rowQuery': {
      const { table } = refType(stmt.ref);
      const rows = scope.tables.get(table);
      const ref = expr(stmt.ref);
      if (rows?.dynamic !== true) return set(stmt.dst, `(${ref}>=1&&${ref}<=${rows?.rows ?? 0}?1:0)`);
      return set(stmt.dst, `(${scope.rows(table)}[${ref}-1]===1?1:0)`);
    }
    case 'choose':
      return set(stmt.dst, `below(choose(${JSON.stringify(stmt.label)},${stmt.count}),${stmt.count})`);
    case 'assume':
      return `if(${expr(stmt.cond)}===0)fault('the answers to choices exclude each other');`;
    case 'wait':
      return `${emitStmts(stmt.body, scope)}\nif(${expr(stmt.cond)}===0)fault(${JSON.stringify(`waits for ever: ${stmt.label}`)});`;
    case 'assert':
      return `if(${expr(stmt.cond)}===0)fault(${JSON.stringify(stmt.message)});`;
    case 'monitor':
      throw new Error('hooks have no place at true scale: ask for counts instead');
    case 'ghost':
    case 'mark':
    case 'preempt':
      return '';
  }
}

/** On to the next row for which the body does something. */
function skipRows(loop: Stmt, scope: Scope): string {
  const scan = scope.scan(loop);
  const index = scan && scope.index(scan.table, scan.field);
  if (scan === null || index === null) return '';
  const counter = scope.local(scan.counter);
  return `${counter}=${index}.from(${emitExpr(scan.value, scope)},${counter});\n`;
}

function argument(arg: Argument, scope: Scope): string {
  return arg.mode === 'in' ? emitExpr(arg.value, scope) : scope.local(arg.local);
}

function atomic(stmt: Stmt & { kind: 'atomic' }, scope: Scope): string {
  const cells = cellsOf(stmt.place, scope);
  const [first = '0', second = '0'] = stmt.operands.map((operand) => emitExpr(operand, scope));
  const write = (text: string) => `${cells}[k]=${stored(stmt.place, text, scope)};`;
  const texts: Readonly<Record<typeof stmt.operator, string>> = {
    compareExchange: `const same=b===${first}?1:0;if(same===1)${write(second)}`,
    exchange: write(first),
    fetchAnd: write(`((b&${first})>>>0)`),
    fetchOr: write(`((b|${first})>>>0)`),
    fetchAdd: write(`(b+${first})`),
  };
  const dst = stmt.dst === null ? '' : `${scope.local(stmt.dst)}=${scope.bringLocal(stmt.dst, 'b')};`;
  const success = stmt.success === null ? '' : `${scope.local(stmt.success)}=same;`;
  return `{const k=${cellOf(stmt.place, scope)},b=${cells}[k];${texts[stmt.operator]}${dst}${success}}`;
}

function cellsOf(place: Place, scope: Scope): string {
  return scope.cells(place.table, place.field);
}

/** Number of the cell of a place. Null references, free rows and indices outside the array end the run. */
function cellOf(place: Place, scope: Scope): string {
  const table = scope.tables.get(place.table);
  const field = scope.memory.fields.get(`${place.table}.${place.field}`);
  if (table === undefined || field === undefined) throw new Error(`no field ${place.table}.${place.field} at true scale`);
  if (place.kind === 'pointer') {
    pointerType(place.pointer);
    const cell = `notNull(${emitExpr(place.pointer, scope)})`;
    return table.dynamic ? `aliveCell(${cell},${field.length},${scope.rows(place.table)})` : cell;
  }
  const ref = place.row === null ? null : emitExpr(place.row, scope);
  const row = ref === null ? '0' : table.dynamic ? `alive(${ref},${scope.rows(place.table)})` : `row(${ref},${table.rows})`;
  if (place.index === null) return row;
  return `(${row}*${field.length}+below(${emitExpr(place.index, scope)},${field.length}))`;
}

/** A value as its field keeps it. Fields have the sizes of the machine, so that leaving their range is always a fault. */
function stored(place: Place, text: string, scope: Scope): string {
  const type = scope.memory.fields.get(`${place.table}.${place.field}`)?.field.type;
  if (type?.kind !== 'int' || type.overflow === 'wrap' || type.overflow === 'saturate') {
    return type === undefined || type.kind === 'lock' || type.kind === 'list' ? text : bring(text, type);
  }
  return `within(${text},${type.min},${type.max},${JSON.stringify(`${place.table}.${place.field}`)})`;
}
