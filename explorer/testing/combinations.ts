/**
 * One system searched with every combination of what may make a search smaller or faster, and what those say differently.
 *
 * In: a description. Out: differences, as text. Never: a run that was cut.
 */
import { compileSystem, type SystemDescription } from '../../compiler/index.ts';
import { explore, exploreTuned } from '../explore.ts';
import type { ExploreResult, Reductions } from '../result.ts';
import { differencesOf } from './sameUpToRenaming.ts';
import { smallPortions, told } from './workers.ts';

/** Beside merged steps. */
const reductions: readonly Reductions[] = [{ renaming: true }];

export interface Compared {
  readonly wrong: readonly string[];
  /** Fewest states of a merged search with reductions over its states without any. */
  readonly left: number;
}

/**
 * Merged and unmerged: with reductions and without, in one thread and, if `workers`, in two. Null: one of these has more than `within`
 * states, or no reduction is possible of the merged one.
 */
export async function combinations(description: SystemDescription, within: number, workers: boolean): Promise<Compared | null> {
  const wrong: string[] = [];
  const plain: ExploreResult[] = [];
  let left = 1;
  for (const merge of [true, false]) {
    const system = compileSystem(description, { merge });
    const whole = explore(system, { limits: { states: within } });
    if (whole.cuts.some(({ kind }) => kind !== 'bound')) return null;
    plain.push(whole);
    for (const switched of reductions) {
      const few = explore(system, { reductions: switched });
      if (few.saved?.renaming?.refused !== null) {
        // Unmerged more is kept while others run, so that more is refused.
        if (merge) return null;
        continue;
      }
      const name = `${merge ? 'merged' : 'unmerged'}, ${Object.keys(switched).join(' and ')}`;
      wrong.push(...differencesOf(system, whole, few).map((difference) => `${name}: ${difference}`));
      if (merge) left = Math.min(left, few.counts.states / whole.counts.states);
      if (!workers) continue;
      const together = await exploreTuned(
        compileSystem(description, { merge }),
        { reductions: switched, workers: 2 },
        undefined,
        smallPortions,
      );
      if (JSON.stringify(told(together)) !== JSON.stringify(told(few))) wrong.push(`${name}: two threads say something else`);
    }
  }
  const [merged, unmerged] = plain.map(verdicts);
  if (JSON.stringify(merged) !== JSON.stringify(unmerged))
    wrong.push(`merged and unmerged: ${JSON.stringify(merged)} and ${JSON.stringify(unmerged)}`);
  return { wrong, left };
}

/** A path that ends in a fault hides what it met in its last step, so that with faults violations may be missing from a merged run. */
function verdicts({ outcomes, exhausted }: ExploreResult) {
  const faults = outcomes.some(({ kind }) => kind === 'fault') || !exhausted;
  return outcomes.flatMap(({ id, status, kind }) => (faults && kind !== 'fault' ? [] : [`${id} ${status}`])).toSorted();
}
