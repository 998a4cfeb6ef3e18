/**
 * Whether anything notices a mutant.
 *
 * In: a mutant, the run without it. Out: who killed it, or that nothing did. Never: a kill by what the run without
 * the mutant violates as well.
 */
import { PrologueError } from '../../compiler/index.ts';
import type { Limits } from '../../explorer/index.ts';
import type { Choice } from '../describeSystem.ts';
import { type FinishedRun, runSystem } from '../runSystem.ts';
import type { Mutant } from './operators.ts';

export type MutantOutcome =
  /** Ids of properties, `deadlock`, `fault:…`, that only the mutant violates. */
  | { readonly kind: 'killed'; readonly by: readonly string[] }
  /** No violation, but nobody would take the run for a success: cut by a bound, an interesting state not reached, no start. */
  | { readonly kind: 'noticed'; readonly how: string }
  /** Exactly the same states and steps as without the edit. */
  | { readonly kind: 'equivalent' }
  | { readonly kind: 'survived' };

/** A mutant may have far more states than the model: it is given this many times as many, and some. */
const stateFactor = 8;

export async function tryMutant(choice: Choice, mutant: Mutant, reference: FinishedRun): Promise<MutantOutcome> {
  const limits: Limits = { states: reference.found.counts.states * stateFactor + 20_000 };
  let run: FinishedRun;
  try {
    run = await runSystem(
      { ...choice, replacing: new Map([...(choice.replacing ?? []), [mutant.procedure.name, mutant.procedure]]) },
      { limits },
    );
  } catch (error) {
    if (error instanceof PrologueError) return { kind: 'noticed', how: `the prologue fails: ${error.message}` };
    throw error;
  }
  const already = violatedIn(reference);
  const by = [...violatedIn(run)].filter((id) => !already.has(id));
  if (by.length > 0) return { kind: 'killed', by };
  const [cut] = run.found.cuts;
  if (cut !== undefined) return { kind: 'noticed', how: cut.message };
  const unmet = run.found.outcomes.find(({ kind, status }) => kind === 'reachable' && status !== 'holds');
  if (unmet !== undefined) return { kind: 'noticed', how: `${unmet.id} is not reached` };
  return sameGraph(run, reference) ? { kind: 'equivalent' } : { kind: 'survived' };
}

function violatedIn({ found }: FinishedRun): Set<string> {
  return new Set(found.outcomes.filter(({ kind, status }) => kind !== 'reachable' && status === 'violated').map(({ id }) => id));
}

/** Equal sets of states, in equal layouts, with as many steps between them. */
function sameGraph(a: FinishedRun, b: FinishedRun): boolean {
  const [left, right] = [a.found.counts, b.found.counts];
  if (left.states !== right.states || left.transitions !== right.transitions || left.words !== right.words) return false;
  const keys = new Set<string>();
  for (let state = 0; state < a.found.graph.count; state++) keys.add(a.found.graph.wordsOf(state).join());
  for (let state = 0; state < b.found.graph.count; state++) if (!keys.has(b.found.graph.wordsOf(state).join())) return false;
  return true;
}
