/**
 * One system searched with every combination of what may make a search smaller or faster, and what those say differently.
 *
 * In: a description. Out: differences, as text. Never: a run that was cut.
 */
import { type CompiledSystem, compileSystem, type SystemDescription } from '../../compiler/index.ts';
import { explore, exploreTuned } from '../explore.ts';
import { tablesToRename } from '../reductions/renaming.ts';
import type { ExploreResult, Reductions } from '../result.ts';
import { classesOf, differencesOf } from './sameUpToRenaming.ts';
import { smallPortions, told } from './workers.ts';

/** Beside merged steps. */
const reductions: readonly Reductions[] = [{ renaming: true }, { ample: true }, { renaming: true, ample: true }];

export interface Compared {
  readonly wrong: readonly string[];
  /** Fewest states of a merged search with reductions over its states without any. */
  readonly left: number;
  /** Reductions that were not refused, by their names, merged and unmerged ones. */
  readonly used: readonly string[];
}

/**
 * Merged and unmerged: with reductions and without, in one thread and, if `workers`, renamed ones in two. Null: there are more than `within`
 * states, or no reduction is possible.
 */
export async function combinations(description: SystemDescription, within: number, workers: boolean): Promise<Compared | null> {
  const wrong: string[] = [];
  const plain: ExploreResult[] = [];
  const used: string[] = [];
  let left = 1;
  for (const merge of [true, false]) {
    const system = compileSystem(description, { merge });
    const whole = explore(system, { limits: { states: within } });
    if (whole.cuts.some(({ kind }) => kind !== 'bound')) return null;
    plain.push(whole);
    for (const switched of reductions) {
      const few = explore(system, { reductions: switched });
      const { renaming, ample } = few.saved ?? {};
      if ([renaming, ample].some((saved) => saved !== undefined && saved.refused !== null)) continue;
      const name = `${merge ? 'merged' : 'unmerged'}, ${Object.keys(switched).join(' and ')}`;
      used.push(name);
      const differences = switched.ample === true ? differencesOfWaiting(system, whole, few) : differencesOf(system, whole, few);
      wrong.push(...differences.map((difference) => `${name}: ${difference}`));
      if (merge) left = Math.min(left, few.counts.states / whole.counts.states);
      if (!workers || switched.ample === true) continue;
      const other = compileSystem(description, { merge });
      const together = await exploreTuned(other, { reductions: switched, workers: 2 }, undefined, smallPortions);
      if (JSON.stringify(told(together)) !== JSON.stringify(told(few))) wrong.push(`${name}: two threads say something else`);
    }
  }
  const [merged, unmerged] = plain.map(verdicts);
  if (JSON.stringify(merged) !== JSON.stringify(unmerged))
    wrong.push(`merged and unmerged: ${JSON.stringify(merged)} and ${JSON.stringify(unmerged)}`);
  return used.length === 0 ? null : { wrong, left, used };
}

/** Where steps wait for others depths differ, and states are left out; not those in which nothing can go on. */
function differencesOfWaiting(system: CompiledSystem, whole: ExploreResult, few: ExploreResult): string[] {
  const said = ({ verdict, outcomes }: ExploreResult) =>
    JSON.stringify([verdict, outcomes.map(({ id, status, reached, worst }) => JSON.stringify([id, status, reached, worst])).toSorted()]);
  const renamed = few.saved?.renaming === undefined ? 0 : tablesToRename(system).filter(({ decision }) => decision !== 'refused').length;
  const ends = (result: ExploreResult) =>
    renamed === 0
      ? [...result.terminalStates].map((id) => result.graph.wordsOf(id).join())
      : [...classesOf(system, { ...result, counts: { ...result.counts, states: 0 } }).terminal];
  return [
    ...(said(whole) === said(few) ? [] : [`${said(whole)} and ${said(few)}`]),
    // Of several tables forms are not always the least.
    ...(renamed > 1 || ends(whole).toSorted().join(' ') === ends(few).toSorted().join(' ') ? [] : ['other terminal states']),
  ];
}

/** A path that ends in a fault hides what it met in its last step, so that with faults violations may be missing from a merged run. */
function verdicts({ outcomes, exhausted }: ExploreResult) {
  const faults = outcomes.some(({ kind }) => kind === 'fault') || !exhausted;
  return outcomes.flatMap(({ id, status, kind }) => (faults && kind !== 'fault' ? [] : [`${id} ${status}`])).toSorted();
}
