/**
 * Which scenarios a mutant is tried on, and in which order.
 *
 * In: subjects, the fewest states first; what one mutant may cost. Out: those that execute what it changes: cheap ones first, since most
 * mutants die there, then the dear ones that run most of the procedure. Never: one passed over in silence.
 */
import { type Stmt, visitStmts } from '../../compiler/index.ts';
import type { Mutant } from './operators.ts';
import type { Subject } from './subjects.ts';

export interface Candidate {
  readonly subject: Subject;
  readonly mutant: Mutant;
}
export interface ChosenScenarios {
  readonly run: readonly Candidate[];
  /** Those in which the mutant cannot differ: a branch is deleted that is never taken. */
  readonly same: readonly Candidate[];
  /** For their cost. */
  readonly leftOut: readonly Candidate[];
}

/** Part of what a mutant may cost that goes to the cheapest scenarios. */
const cheapPart = 0.2;

/** `statesMax`: of the unmutated searches together; one scenario is run whatever it costs. */
export function scenariosFor(key: string, subjects: readonly Subject[], statesMax: number): ChosenScenarios {
  const candidates = subjects.flatMap((subject) => {
    const mutant = subject.mutants.get(key);
    return mutant === undefined || !subject.executed.has(mutant.statement) ? [] : [{ subject, mutant }];
  });
  const same = candidates.filter(deletesWhatIsNeverTaken);
  const open = candidates.filter((each) => !same.includes(each));
  const run: Candidate[] = [];
  let states = 0;
  const take = (those: readonly Candidate[], most: number): void => {
    for (const each of those) {
      const { states: own } = each.subject.found.counts;
      if (run.includes(each) || (run.length > 0 && states + own > most)) continue;
      run.push(each);
      states += own;
    }
  };
  take(open, cheapPart * statesMax);
  take(
    [...open].sort((a, b) => reachOf(b) - reachOf(a)),
    statesMax,
  );
  return { run, same, leftOut: open.filter((each) => !run.includes(each)) };
}

function deletesWhatIsNeverTaken({ subject, mutant }: Candidate): boolean {
  if (mutant.operator !== 'delete') return false;
  const own = subject.description.procedures.get(mutant.procedure.name);
  let branch: Stmt | undefined;
  visitStmts(own?.body ?? [], (stmt) => {
    if (stmt.id === mutant.statement) branch = stmt;
  });
  return branch?.kind === 'if' && branch.else.length === 0 && subject.counts.get(branch.id)?.taken?.[0] === 0;
}

/** Statements of the mutated procedure that the scenario executes, and ways that its conditions take. */
function reachOf({ subject, mutant }: Candidate): number {
  let reach = 0;
  visitStmts(subject.description.procedures.get(mutant.procedure.name)?.body ?? [], ({ id }) => {
    const count = subject.counts.get(id);
    if (count === undefined) return;
    for (const times of [count.executed, ...(count.taken ?? [])]) if (times > 0) reach++;
  });
  return reach;
}
