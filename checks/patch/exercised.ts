/**
 * Whether what a patch changes was really run.
 *
 * In: the lowered functions, statement counts of all runs. Out: the changed statements that were not executed, and
 * the changed conditions that never took one of their values, by line. Never: a count of a line that the patch does
 * not change.
 */
import { type Expr, type Procedure, type StatementCount, type Stmt, visitStmts } from '../../compiler/index.ts';
import { countOfJump, isJump, type Witness, witnessesOf } from './jumps.ts';
import { type LoweredRun, nowhere } from './leftOut.ts';

export interface NotExercised {
  /** The file of the tree; without one, the patch. */
  readonly file: string;
  readonly line: number;
  readonly what: string;
}
export interface Exercised {
  readonly left: NotExercised[];
  /** What would only run after a `WARN_ON()` fired, and none did: that it does not fire is checked in every state. */
  readonly warned: NotExercised[];
}

/** The functions as one scenario runs them, and how often it ran what. */
export interface CountedRun extends LoweredRun {
  readonly procedures: readonly Procedure[];
  readonly counts: ReadonlyMap<string, StatementCount>;
  /** Functions that have no procedure, and whose text is in others: what one of those runs is run. */
  readonly inside?: readonly { readonly name: string; readonly file: string; readonly first: number; readonly last: number }[];
}

/**
 * Runs and specialisations are added up: what one scenario does not reach another may. Scenarios differ in constants,
 * and so in their statements' ids: a statement is known by its place in the patch.
 */
export function notExercised(runs: readonly CountedRun[]): Exercised {
  const left = new Map<string, NotExercised>();
  const warned = new Map<string, NotExercised>();
  for (const { stmt, procedure, counts, behind } of changedStatements(runs).values()) {
    const what = missing(stmt, procedure, counts);
    if (what === null) continue;
    const unmet = behind && !what.startsWith('condition never false');
    const why = unmet ? `what follows a WARN_ON() that never fires was not run: ${what}` : what;
    (unmet ? warned : left).set(`${stmt.pos.file} ${stmt.pos.line} ${what}`, { file: stmt.pos.file, line: stmt.pos.line, what: why });
  }
  for (const one of nowhere(runs, ({ added }) => added)) left.set(`${one.file} ${one.line} ${one.what}`, one);
  const byLine = (found: Map<string, NotExercised>) =>
    [...found.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  return { left: byLine(left), warned: byLine(warned) };
}

interface Changed {
  readonly stmt: Stmt;
  readonly procedure: string;
  readonly counts: StatementCount[];
  readonly behind: boolean;
}

function changedStatements(runs: readonly CountedRun[]): Map<string, Changed> {
  const found = new Map<string, Changed>();
  for (const { procedures, counts, inside = [] } of runs) {
    const seen = new Map<string, number>();
    for (const procedure of procedures) {
      const behind = behindWarnings(procedure.body);
      const witnesses = witnessesOf(procedure.body);
      const implied = insideImplied(procedure.body);
      visitStmts(procedure.body, (stmt) => {
        if (implied.has(stmt)) return;
        if (stmt.pos.change !== 'added' || !(hasEffect(stmt) || isCounted(stmt, witnesses))) return;
        const { file, line } = stmt.pos;
        const text = inside.find((one) => one.file === file && one.first <= line && line <= one.last);
        const owner = text?.name ?? procedure.name;
        const place = `${owner} ${file} ${line}:${stmt.pos.column} ${stmt.kind}`;
        // Copies of one text differ in what is constant in them: a statement is known by its place alone.
        const nth = text === undefined ? (seen.get(place) ?? 0) + 1 : 0;
        seen.set(place, nth);
        const key = `${place} ${nth}`;
        const known = found.get(key) ?? { stmt, procedure: owner, counts: [], behind: behind.has(stmt) };
        const count = isJump(stmt) ? countOfJump(stmt, witnesses.get(stmt) ?? null, counts, owner) : counts.get(stmt.id);
        if (count !== undefined && count !== null) known.counts.push(count);
        found.set(key, known);
      });
    }
  }
  return found;
}

/** A jump, if the condition that it hangs on is not counted in the same place: that is how loops end. */
function isCounted(stmt: Stmt, witnesses: ReadonlyMap<Stmt, Witness>): boolean {
  const witness = witnesses.get(stmt);
  const hangs = witness !== undefined && witness !== null && witness.stmt.kind === 'if' ? witness.stmt.pos : null;
  return isJump(stmt) && !(hangs?.change === 'added' && hangs.file === stmt.pos.file && hangs.line === stmt.pos.line);
}

/** `if (WARN_ON(x)) …`: the branch on the very value that was asserted to be false, and what is inside it. */
export function behindWarnings(body: readonly Stmt[]): ReadonlySet<Stmt> {
  const found = new Set<Stmt>();
  const visit = (stmts: readonly Stmt[]): void => {
    for (const [index, stmt] of stmts.entries()) {
      const before = stmts[index - 1];
      if (stmt.kind === 'if' && before?.kind === 'assert' && before.severity === 'warn' && areOpposite(before.cond, stmt.cond)) {
        found.add(stmt);
        visitStmts(stmt.then, (inner) => found.add(inner));
      }
      if (stmt.kind === 'if') for (const branch of [stmt.then, stmt.else]) visit(branch);
      if (stmt.kind === 'loop' || stmt.kind === 'block') visit(stmt.body);
    }
  };
  visit(body);
  return found;
}

/** What is inside of an `if` that no text has (`implied`): that is reached, or something beside it. */
export function insideImplied(body: readonly Stmt[]): ReadonlySet<Stmt> {
  const found = new Set<Stmt>();
  visitStmts(body, (stmt) => {
    if (stmt.kind !== 'if' || stmt.implied !== true) return;
    for (const branch of [stmt.then, stmt.else]) visitStmts(branch, (inner) => found.add(inner));
  });
  return found;
}

const opposite: Readonly<Record<string, string>> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

function areOpposite(a: Expr, b: Expr): boolean {
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  if (a.op === 'unary' && a.operator === '!' && same(a.a, b)) return true;
  if (b.op === 'unary' && b.operator === '!' && same(b.a, a)) return true;
  return a.op === 'binary' && b.op === 'binary' && opposite[a.operator] === b.operator && same([a.a, a.b], [b.a, b.b]);
}

/** Structure is no statement of its own: what is inside is counted. Jumps are told by what leads to them. */
export function hasEffect(stmt: Stmt): boolean {
  return !['block', 'loop', 'leave', 'continue', 'ghost'].includes(stmt.kind);
}

/** What of a statement was not run; null: all. */
export function missing(stmt: Stmt, procedure: string, counts: readonly StatementCount[]): string | null {
  const executed = counts.reduce((sum, count) => sum + count.executed, 0);
  if (executed === 0) return `never executed (in ${procedure}())`;
  if (stmt.kind !== 'if' || stmt.implied === true) return null;
  const yes = counts.reduce((sum, { taken }) => sum + (taken?.[0] ?? 0), 0);
  const no = counts.reduce((sum, { taken }) => sum + (taken?.[1] ?? 0), 0);
  if (yes === 0) return `condition never true (in ${procedure}())`;
  return no === 0 ? `condition never false (in ${procedure}())` : null;
}
