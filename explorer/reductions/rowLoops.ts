/**
 * Loops that go through all rows of a table, and whether the order in which they do can be noticed.
 *
 * In: statements. Out: the loop, or what is wrong with it. Never: more than what is plainly so; a loop whose rounds touch anything but
 * their own row in more than the simplest ways is refused.
 */
import {
  bodiesOf,
  type Expr,
  localsOfExpr,
  localsRead,
  localsWritten,
  type Place,
  type Procedure,
  placeOf,
  type Stmt,
  visitStmts,
} from '../../compiler/index.ts';

/** `for (let k = 0; k < rows; k++) body`. */
export interface CountedLoop {
  readonly counter: string;
  readonly body: readonly Stmt[];
  readonly whole: Stmt;
}

/** The loop at `index` of `list`, if it counts from 0 to `rows` by the local that is set before it. */
export function countedLoop(list: readonly Stmt[], index: number, rows: number): CountedLoop | null {
  const [start, loop] = [list[index - 1], list[index]];
  if (start?.kind !== 'assign' || loop?.kind !== 'loop' || constantValue(start.value) !== 0) return null;
  const counter = start.dst;
  const [test, step] = [loop.body[0], loop.body.at(-1)];
  if (test?.kind !== 'if' || test.else.length > 0 || test.then.length !== 1) return null;
  const [leave] = test.then;
  if (leave?.kind !== 'leave' || leave.label !== loop.label || !isTest(test.cond, counter, rows)) return null;
  if (step?.kind !== 'assign' || step.dst !== counter || !isStep(step.value, counter)) return null;
  const body = loop.body.slice(1, -1);
  let written = false;
  visitStmts(body, (stmt) => {
    written ||= localsWritten(stmt).includes(counter);
  });
  return written ? null : { counter, body, whole: loop };
}

function constantValue(expr: Expr | undefined): number | null {
  if (expr?.op === 'cast') return constantValue(expr.a);
  return expr?.op === 'const' ? expr.value : null;
}
function isCounter(expr: Expr, counter: string): boolean {
  return expr.op === 'cast' ? isCounter(expr.a, counter) : expr.op === 'local' && expr.local === counter;
}
function isTest(cond: Expr, counter: string, rows: number): boolean {
  if (cond.op === 'unary' && cond.operator === '!') {
    const { a } = cond;
    return a.op === 'binary' && a.operator === '<' && isCounter(a.a, counter) && constantValue(a.b) === rows;
  }
  return cond.op === 'binary' && cond.operator === '>=' && isCounter(cond.a, counter) && constantValue(cond.b) === rows;
}
function isStep(value: Expr, counter: string): boolean {
  if (value.op === 'cast') return isStep(value.a, counter);
  return value.op === 'binary' && value.operator === '+' && isCounter(value.a, counter) && constantValue(value.b) === 1;
}

/**
 * Why the rounds may not be taken in another order, or null. A round may read fields of its row and of singletons, and write fields of
 * its row; keep what it needs in locals that it sets first; set a local that no round reads to a constant, always the same, or add bits
 * to it, or take them away; or leave the procedure with a constant, always the same, where rounds do nothing else that lasts.
 */
export function wrongWithLoop(procedure: Procedure, { counter, body, whole }: CountedLoop, table: string): string | null {
  // What a patch says must be seen to run, and which round is the first to leave is seen there.
  if (procedure.pos.language === 'c') return 'it is C';
  const stmts = flat(body);
  if (stmts.filter((stmt) => stmt.kind === 'store').length > 1) return 'rounds write more than once, and may fault in more than one way';
  const blocks = new Set(stmts.flatMap((stmt) => (stmt.kind === 'block' ? [stmt.label] : [])));
  for (const stmt of stmts) {
    if (!allowed.has(stmt.kind)) return `${stmt.kind} in a round`;
    if (stmt.kind === 'leave' && !blocks.has(stmt.label)) return 'a round may be the last';
    const place = placeOf(stmt);
    if (place !== null && !isOwn(place, stmt.kind === 'load', procedure, stmts, counter, table))
      return `a round touches ${place.table}.${place.field}`;
  }
  const written = new Set(stmts.flatMap(localsWritten));
  const sums = new Set([...written].filter((local) => isSum(stmts, local)));
  const kept = new Set([...written].filter((local) => !sums.has(local)));
  const carried = readBeforeSet(body, kept, new Set());
  if (carried !== null) return `${carried} goes from one round to the next`;
  const inside = new Set(flat([whole]));
  const behind = flat(procedure.body).filter((stmt) => !inside.has(stmt));
  for (const local of kept) if (behind.some((stmt) => localsRead(stmt).includes(local))) return `${local} is used outside`;
  const results = new Set(stmts.flatMap((stmt) => (stmt.kind === 'return' ? [resultOf(stmt.value)] : [])));
  if (results.size === 0) return null;
  if (results.size > 1 || results.has(null)) return 'rounds leave with different results';
  return sums.size > 0 || stmts.some(({ kind }) => kind === 'store') ? 'a round that leaves keeps others from their work' : null;
}

const allowed: ReadonlySet<Stmt['kind']> = new Set(['assign', 'load', 'store', 'if', 'block', 'leave', 'return']);

function flat(body: readonly Stmt[]): Stmt[] {
  return body.flatMap((stmt) => [stmt, ...bodiesOf(stmt).flatMap(flat)]);
}

/** A field of the row of this round; to be read, of a singleton, too. Faults would come in the order of the rounds: there are none. */
function isOwn(place: Place, read: boolean, procedure: Procedure, body: readonly Stmt[], counter: string, table: string): boolean {
  if (place.kind !== 'field' || (place.index !== null && place.index.op !== 'const')) return false;
  const { row } = place;
  if (row === null) return read;
  if (place.table !== table) return false;
  if (row.op === 'rowAt') return isCounter(row.a, counter);
  if (row.op !== 'local') return false;
  const writes = flat(procedure.body).filter((stmt) => localsWritten(stmt).includes(row.local));
  const [only] = writes;
  if (writes.length !== 1 || only?.kind !== 'assign' || !body.includes(only)) return false;
  return only.value.op === 'rowAt' && isCounter(only.value.a, counter);
}

/** Whether the local only gathers: what it is in the end does not depend on the order, and no round reads it. */
function isSum(body: readonly Stmt[], local: string): boolean {
  const ways = new Set(body.filter((stmt) => localsWritten(stmt).includes(local)).map((stmt) => wayOf(stmt, local)));
  const reads = body.filter((stmt) => localsRead(stmt).includes(local) && wayOf(stmt, local) === null);
  return ways.size === 1 && !ways.has(null) && reads.length === 0;
}
function wayOf(stmt: Stmt, local: string): string | null {
  if (stmt.kind !== 'assign' || stmt.dst !== local) return null;
  const constant = constantValue(stmt.value);
  if (constant !== null) return `becomes ${constant}`;
  let { value } = stmt;
  while (value.op === 'cast') value = value.a;
  if (value.op !== 'binary' || (value.operator !== '|' && value.operator !== '&') || !isCounter(value.a, local)) return null;
  return localsOfExpr(value.b).includes(local) ? null : value.operator;
}

/** A local of `kept` that may be read before it is set, or null. `set`: those that are set; what is set on all ways is added. */
export function readBeforeSet(list: readonly Stmt[], kept: ReadonlySet<string>, set: Set<string>): string | null {
  for (const stmt of list) {
    for (const local of localsRead(stmt)) if (kept.has(local) && !set.has(local)) return local;
    const ways = bodiesOf(stmt).map((inner) => ({ inner, set: new Set(set) }));
    for (const way of ways) {
      const found = readBeforeSet(way.inner, kept, way.set);
      if (found !== null) return found;
    }
    // Out of a block one may have jumped.
    if (stmt.kind === 'if') for (const local of ways[0]?.set ?? []) if (ways[1]?.set.has(local) === true) set.add(local);
    for (const local of localsWritten(stmt)) set.add(local);
  }
  return null;
}

function resultOf(value: Expr | null): number | null {
  return value === null ? 0 : constantValue(value);
}
