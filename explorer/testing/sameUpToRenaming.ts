/**
 * Whether a search over renamed states says what a search over all states says.
 *
 * In: a compiled system. Out: differences, as text. Never: a run that was cut.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { explore } from '../explore.ts';
import { Renaming, tablesToRename } from '../reductions/renaming.ts';
import type { ExploreResult } from '../result.ts';

/** What must not depend on renaming. */
function said({ verdict, outcomes }: ExploreResult) {
  return {
    verdict,
    // Which fault is met first, and which of several like processes are in the first deadlock, depends on the order of the states.
    outcomes: outcomes
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, status, reached, depth, worst, deadlock }) => [
        id,
        status,
        reached,
        depth,
        worst,
        deadlock?.kind,
        deadlock?.processes.length,
      ]),
  };
}

/** The canonical forms of all states that a run without reductions finds, and of its terminal and deadlocked ones. */
export function classesOf(system: CompiledSystem, found: ExploreResult) {
  const renaming = new Renaming(system);
  const form = (id: number) => {
    const state = found.graph.wordsOf(id);
    renaming.rename(state, 0);
    return state.join();
  };
  const set = (ids: Iterable<number>) => new Set([...ids].map(form));
  return { all: set(Array(found.counts.states).keys()), terminal: set(found.terminalStates), deadlocked: set(found.deadlockedStates) };
}

/**
 * Differences between a run with renaming and one without: verdicts, depths, and the canonical forms of all, of the terminal and of the
 * deadlocked states. Null, and nothing compared, where renaming is refused or there are more states than `within`.
 */
export function differencesByRenaming(system: CompiledSystem, within?: number): string[] | null {
  if (tablesToRename(system).every(({ decision }) => decision === 'refused')) return null;
  const whole = explore(system, within === undefined ? {} : { limits: { states: within } });
  if (whole.cuts.some(({ kind }) => kind !== 'bound')) return null;
  const reduced = explore(system, { reductions: { renaming: true } });
  if (reduced.saved?.renaming?.refused !== null) return null;
  return differencesOf(system, whole, reduced);
}

/** The same of two runs. Forms are compared where one table at most is renamed: of several at once they are not always the least. */
export function differencesOf(system: CompiledSystem, whole: ExploreResult, reduced: ExploreResult): string[] {
  const wrong: string[] = [];
  const same = (name: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b)) wrong.push(`${name}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
  };
  same('said', said(whole), said(reduced));
  const renamed = tablesToRename(system).filter(({ decision }) => decision !== 'refused');
  if (renamed.length > 1) return wrong;
  const [all, few] = [classesOf(system, whole), classesOf(system, reduced)];
  same('classes', all.all.size, reduced.counts.states);
  for (const key of ['all', 'terminal', 'deadlocked'] as const) same(key, [...all[key]].toSorted(), [...few[key]].toSorted());
  return wrong;
}
