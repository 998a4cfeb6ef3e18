/**
 * The edits that make mutants: small mistakes that a person could make, as changes of a procedure's IR.
 *
 * In: a procedure. Out: every mutant of it, each a whole procedure with the id of the statement that was edited.
 * Never: an edit of ghost statements or assertions: those are the checker's, not the kernel's.
 */
import type { Argument, Expr, Local, Param, Position, Procedure, ScalarType, Stmt } from '../../compiler/index.ts';
import { boolType, localsRead, localsWritten, mapBodies, placeOf, replaceStmt, visitStmts } from '../../compiler/index.ts';

export const mutationOperators = ['delete', 'swapWithNext', 'negate', 'replaceArgument', 'dropLock', 'overwrite'] as const;
export type MutationOperator = (typeof mutationOperators)[number];

export interface Mutant {
  /** `operator:statement id`, with `:n` for the n-th argument: stable under edits elsewhere. */
  readonly id: string;
  readonly operator: MutationOperator;
  /** Id of the statement that was edited. */
  readonly statement: string;
  readonly position: Position;
  /** What was done, for the list of survivors. */
  readonly detail: string;
  readonly procedure: Procedure;
}

/** All mutants of a procedure by these operators, in the order of its statements. */
export function mutantsOf(procedure: Procedure, operators: readonly MutationOperator[] = mutationOperators): Mutant[] {
  const makers: Record<MutationOperator, (procedure: Procedure) => Mutant[]> = {
    delete: deletions,
    swapWithNext: swaps,
    negate: negations,
    replaceArgument: replacements,
    dropLock: droppedLocks,
    overwrite: overwritten,
  };
  return operators.flatMap((operator) => makers[operator](procedure));
}

/** Statements of the kernel, without those inside ghost blocks. */
function kernelStatements(procedure: Procedure): { stmt: Stmt; parents: Stmt[] }[] {
  const found: { stmt: Stmt; parents: Stmt[] }[] = [];
  visitStmts(procedure.body, (stmt, parents) => {
    if (stmt.kind !== 'ghost' && !parents.some((parent) => parent.kind === 'ghost')) found.push({ stmt, parents: [...parents] });
  });
  return found;
}

function mutant(operator: MutationOperator, procedure: Procedure, stmt: Stmt, detail: string, body: readonly Stmt[], suffix = ''): Mutant {
  return {
    id: `${operator}:${stmt.id}${suffix}`,
    operator,
    statement: stmt.id,
    position: stmt.pos,
    detail,
    procedure: { ...procedure, body },
  };
}

// ---------------------------------------------------------------------------------------------

/**
 * Statements with an effect that others can see, and branches with all that is inside. Locks are dropped in
 * pairs by an operator of their own; assignments are left, because a loop whose counter stands still says nothing
 * about the kernel; so are branches that leave a loop.
 */
function deletions(procedure: Procedure): Mutant[] {
  return kernelStatements(procedure)
    .filter(
      ({ stmt }) =>
        ['store', 'atomic', 'list', 'call', 'free', 'wait', 'if'].includes(stmt.kind) && !isOnlyALook(stmt) && !leavesALoop(stmt),
    )
    .map(({ stmt }) =>
      mutant(
        'delete',
        procedure,
        stmt,
        `delete ${describe(stmt)}`,
        replaceStmt(procedure.body, stmt.id, () => []),
      ),
    );
}

function leavesALoop(stmt: Stmt): boolean {
  return stmt.kind === 'if' && within([stmt]).some((inner) => inner.kind === 'leave' || inner.kind === 'continue');
}

function isOnlyALook(stmt: Stmt): boolean {
  return stmt.kind === 'list' && !['add', 'addTail', 'remove'].includes(stmt.operator);
}

/** Two source statements in a row (all IR of a line belongs together) that do not hand locals to each other. */
function swaps(procedure: Procedure): Mutant[] {
  const found: Mutant[] = [];
  const visit = (list: readonly Stmt[], rebuild: (list: readonly Stmt[]) => readonly Stmt[]): void => {
    const groups = byLine(list);
    for (const [index, first] of groups.entries()) {
      const second = groups[index + 1];
      const head = first.find((stmt) => isShared(stmt)) ?? first[0];
      if (second === undefined || head === undefined || !canSwap(first, second)) continue;
      const swapped = [...groups.slice(0, index), second, first, ...groups.slice(index + 2)].flat();
      found.push(mutant('swapWithNext', procedure, head, 'swap with the next line', rebuild(swapped)));
    }
    for (const [index, stmt] of list.entries()) {
      if (stmt.kind === 'ghost' || stmt.kind === 'wait') continue;
      let number = 0;
      mapBodies(stmt, (body) => {
        const which = number++;
        visit(body, (changed) => rebuild(list.with(index, withBody(stmt, which, changed))));
        return body;
      });
    }
  };
  visit(procedure.body, (list) => list);
  return found;
}

function withBody(stmt: Stmt, which: number, changed: readonly Stmt[]): Stmt {
  let number = 0;
  return mapBodies(stmt, (body) => (number++ === which ? changed : body));
}

function byLine(list: readonly Stmt[]): Stmt[][] {
  const groups: Stmt[][] = [];
  for (const stmt of list) {
    const last = groups.at(-1);
    // A ghost block belongs to the action before it.
    if (last !== undefined && (last[0]?.pos.line === stmt.pos.line || stmt.kind === 'ghost')) last.push(stmt);
    else groups.push([stmt]);
  }
  return groups;
}

function canSwap(first: readonly Stmt[], second: readonly Stmt[]): boolean {
  if (!within(first).some(isShared) || !within(second).some(isShared)) return false;
  // An assertion is the checker's: before or behind it is all one to the kernel.
  if ([...within(first), ...within(second)].some((stmt) => ['return', 'leave', 'continue', 'assert'].includes(stmt.kind))) return false;
  const reads = (group: readonly Stmt[]) => within(group).flatMap(localsRead);
  const writes = (group: readonly Stmt[]) => within(group).flatMap(localsWritten);
  const secondTouches = new Set([...reads(second), ...writes(second)]);
  const secondWrites = new Set(writes(second));
  return !writes(first).some((local) => secondTouches.has(local)) && !reads(first).some((local) => secondWrites.has(local));
}

function within(list: readonly Stmt[]): Stmt[] {
  const found: Stmt[] = [];
  visitStmts(list, (stmt) => found.push(stmt));
  return found;
}

/** Another process can tell whether it ran. */
function isShared(stmt: Stmt): boolean {
  return placeOf(stmt) !== null || ['call', 'alloc', 'free', 'wait'].includes(stmt.kind);
}

/** Conditions turned round, those that a procedure returns included. */
function negations(procedure: Procedure): Mutant[] {
  return kernelStatements(procedure).flatMap(({ stmt }) => {
    if (stmt.kind === 'return' && stmt.value !== null && procedure.result.kind === 'bool') {
      const value: Expr = { op: 'unary', type: boolType, operator: '!', a: stmt.value };
      const body = replaceStmt(procedure.body, stmt.id, () => [{ ...stmt, value }]);
      return [mutant('negate', procedure, stmt, 'return the opposite', body)];
    }
    if (stmt.kind !== 'if' && stmt.kind !== 'wait') return [];
    const cond: Expr = { op: 'unary', type: boolType, operator: '!', a: stmt.cond };
    return [
      mutant(
        'negate',
        procedure,
        stmt,
        'negate the condition',
        replaceStmt(procedure.body, stmt.id, () => [{ ...stmt, cond }]),
      ),
    ];
  });
}

/** Arguments of calls and stored values: a constant's neighbour, or another parameter or local of the same type. */
function replacements(procedure: Procedure): Mutant[] {
  return kernelStatements(procedure).flatMap(({ stmt }) => {
    if (stmt.kind === 'store') {
      const other = replacementFor(stmt.value, procedure);
      if (other === null) return [];
      const body = replaceStmt(procedure.body, stmt.id, () => [{ ...stmt, value: other }]);
      return [mutant('replaceArgument', procedure, stmt, `store ${spell(other)} instead of ${spell(stmt.value)}`, body, ':0')];
    }
    if (stmt.kind !== 'call') return [];
    return stmt.args.flatMap((arg, index) => {
      const other = arg.mode === 'in' ? replacementFor(arg.value, procedure) : null;
      if (arg.mode !== 'in' || other === null) return [];
      const args = stmt.args.with(index, { mode: 'in', value: other } satisfies Argument);
      const body = replaceStmt(procedure.body, stmt.id, () => [{ ...stmt, args }]);
      const detail = `${stmt.callee}(): argument ${index + 1} is ${spell(other)} instead of ${spell(arg.value)}`;
      return [mutant('replaceArgument', procedure, stmt, detail, body, `:${index}`)];
    });
  });
}

function replacementFor(value: Expr, procedure: Procedure): Expr | null {
  if (value.op === 'const') return otherConstant(value);
  if (value.op !== 'local') return null;
  const candidates: readonly (Param | Local)[] = [...procedure.params, ...procedure.locals.filter((local) => local.temporary !== true)];
  const other = candidates.find((candidate) => candidate.name !== value.local && sameType(candidate.type, value.type));
  return other === undefined ? null : { op: 'local', type: other.type, local: other.name };
}

function otherConstant(value: Expr & { op: 'const' }): Expr | null {
  if (value.type.kind === 'bool') return { op: 'const', type: value.type, value: 1 - value.value };
  if (value.type.kind !== 'int') return null;
  const other = value.value === value.type.max ? value.value - 1 : value.value + 1;
  return other < value.type.min ? null : { op: 'const', type: value.type, value: other };
}

function sameType(a: ScalarType, b: ScalarType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** One lock, taken and released in this procedure, is not taken at all. */
function droppedLocks(procedure: Procedure): Mutant[] {
  const locks = new Map<string, Stmt[]>();
  for (const { stmt } of kernelStatements(procedure)) {
    if (stmt.kind === 'acquire' || stmt.kind === 'release') {
      const key = JSON.stringify([stmt.lock, stmt.mode]);
      locks.set(key, [...(locks.get(key) ?? []), stmt]);
    }
  }
  return [...locks.values()].flatMap((uses) => {
    const [first] = uses;
    const paired = uses.some((use) => use.kind === 'acquire') && uses.some((use) => use.kind === 'release');
    if (first === undefined || !paired) return [];
    const ids = new Set(uses.map((use) => use.id));
    const without = (list: readonly Stmt[]): Stmt[] => list.filter((stmt) => !ids.has(stmt.id)).map((stmt) => mapBodies(stmt, without));
    return [mutant('dropLock', procedure, first, `without ${describe(first)} and its release`, without(procedure.body))];
  });
}

/** What is added to a count, or to a set of flags, takes the place of what was there. Steps of a loop by one are left: it would not end. */
function overwritten(procedure: Procedure): Mutant[] {
  return kernelStatements(procedure).flatMap(({ stmt }) => {
    if (stmt.kind !== 'assign') return [];
    const only = withoutLocal(stmt.value, stmt.dst);
    if (only === null) return [];
    const body = replaceStmt(procedure.body, stmt.id, () => [{ ...stmt, value: only }]);
    return [mutant('overwrite', procedure, stmt, `${stmt.dst} is overwritten, not added to`, body)];
  });
}

/** Of `local + x` and `local | x` the other half; null if it is no such thing. */
function withoutLocal(value: Expr, local: string): Expr | null {
  if (value.op === 'cast') {
    const a = withoutLocal(value.a, local);
    return a === null ? null : { ...value, a };
  }
  if (value.op !== 'binary' || (value.operator !== '+' && value.operator !== '|')) return null;
  if (!isLocal(value.a, local) || (value.operator === '+' && value.b.op === 'const')) return null;
  return sameType(value.b.type, value.type) ? value.b : { op: 'cast', type: value.type, a: value.b };
}

function isLocal(value: Expr, local: string): boolean {
  return value.op === 'cast' ? isLocal(value.a, local) : value.op === 'local' && value.local === local;
}

// ---------------------------------------------------------------------------------------------

function describe(stmt: Stmt): string {
  const place = placeOf(stmt);
  const where = place === null ? '' : ` ${place.table}.${place.field}`;
  if (stmt.kind === 'if') return 'the branch';
  if (stmt.kind === 'call') return `the call of ${stmt.callee}()`;
  if (stmt.kind === 'list') return `${stmt.operator} on${where}`;
  return `the ${stmt.kind}${where === '' ? '' : ` of${where}`}`;
}

function spell(value: Expr): string {
  if (value.op === 'const') return value.name ?? (value.type.kind === 'bool' ? String(value.value === 1) : String(value.value));
  return value.op === 'local' ? value.local : 'an expression';
}
