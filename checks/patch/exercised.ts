/**
 * Whether what a patch changes was really run.
 *
 * In: the lowered functions, statement counts of all runs. Out: the changed statements that were not executed, and
 * the changed conditions that never took one of their values, by line. Never: a count of a line that the patch does
 * not change.
 */
import { type Procedure, type StatementCount, type Stmt, visitStmts } from '../../compiler/index.ts';

export interface NotExercised {
  /** Of the file that was read. */
  readonly line: number;
  readonly what: string;
}

/** Runs and specialisations are added up: what one scenario does not reach another may. */
export function notExercised(procedures: readonly Procedure[], runs: readonly ReadonlyMap<string, StatementCount>[]): NotExercised[] {
  const found = new Map<string, NotExercised>();
  for (const procedure of procedures) {
    visitStmts(procedure.body, (stmt) => {
      if (stmt.pos.change !== 'added' || !hasEffect(stmt)) return;
      const what = missing(stmt, procedure, runs);
      if (what !== null) found.set(`${stmt.pos.line} ${what}`, { line: stmt.pos.line, what });
    });
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** Structure is no statement of its own: what is inside is counted. */
function hasEffect(stmt: Stmt): boolean {
  return !['block', 'loop', 'leave', 'continue', 'ghost'].includes(stmt.kind);
}

function missing(stmt: Stmt, procedure: Procedure, runs: readonly ReadonlyMap<string, StatementCount>[]): string | null {
  const counts = runs.flatMap((run) => run.get(stmt.id) ?? []);
  const executed = counts.reduce((sum, count) => sum + count.executed, 0);
  if (executed === 0) return `never executed (in ${procedure.name}())`;
  if (stmt.kind !== 'if') return null;
  const yes = counts.reduce((sum, { taken }) => sum + (taken?.[0] ?? 0), 0);
  const no = counts.reduce((sum, { taken }) => sum + (taken?.[1] ?? 0), 0);
  if (yes === 0) return `condition never true (in ${procedure.name}())`;
  return no === 0 ? `condition never false (in ${procedure.name}())` : null;
}
