/**
 * Whether a search with ample sets says what a search over all states says.
 *
 * In: a compiled system. Out: differences, as text. Never: a run that was cut.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { explore } from '../explore.ts';
import { pathTo, replay } from '../graph.ts';
import type { Ample } from '../reductions/ample/ample.ts';
import type { AmpleError } from '../reductions/ample/clashes.ts';
import { planAmple, withAmple } from '../reductions/ample/plan.ts';
import type { ExploreOptions, ExploreResult } from '../result.ts';
import { Search } from '../search.ts';
import { conclude } from '../verdict.ts';

/** What must not depend on ample sets. Depths do: where a step comes first, a violation may come later. */
function said(result: ExploreResult): Record<string, unknown> {
  const { verdict, outcomes, terminalStates, graph, coverage } = result;
  return {
    verdict,
    outcomes: outcomes
      .map(({ id, status, reached, worst, faults }) => ({
        id,
        status,
        reached,
        worst,
        faults: faults?.map(({ fault }) => `${fault.kind} at ${fault.statement}`).toSorted(),
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    terminal: [...terminalStates].map((id) => graph.wordsOf(id).join()).toSorted(),
    run: [...coverage.keys()].filter((block) => coverage[block] !== 0),
  };
}

/** A search with ample sets that leave something out. `chance` false: all must be learned on the way. */
function exploreWithError(system: CompiledSystem, inject: AmpleError | null, chance: boolean): ExploreResult {
  const options: ExploreOptions = { reductions: { ample: true } };
  const search = (ample: Ample | null) => {
    const made = new Search(system, options, ample);
    made.advance(Number.POSITIVE_INFINITY);
    return conclude(made);
  };
  return withAmple(planAmple(system, null, options, false, inject), search, chance ? undefined : { walks: 1, steps: 1 });
}

export interface AmpleComparison {
  readonly differences: readonly string[];
  readonly states: number;
  readonly reduced: number;
  /** States that were expanded again. */
  readonly again: number;
}

/** Null, and nothing compared, where ample sets are refused, or there are more than `within` states. */
export function compareWithAmple(
  system: CompiledSystem,
  within: number,
  inject: AmpleError | null = null,
  chance = true,
): AmpleComparison | null {
  const whole = explore(system, { limits: { states: within } });
  if (whole.cuts.some(({ kind }) => kind !== 'bound')) return null;
  const before = said(whole);
  const reduced = exploreWithError(system, inject, chance);
  if (reduced.saved?.ample?.refused !== null) return null;
  const after = said(reduced);
  const differences = Object.keys(before).flatMap((key) =>
    JSON.stringify(before[key]) === JSON.stringify(after[key])
      ? []
      : [`${key}: ${JSON.stringify(before[key])} and ${JSON.stringify(after[key])}`],
  );
  if (inject === null) differences.push(...wrongTraces(system, reduced));
  return { differences, states: whole.counts.states, reduced: reduced.counts.states, again: reduced.saved.ample.again };
}

/** Traces that are no runs, or longer or shorter than is said: every state of the result is reached by the steps that it says. */
function wrongTraces(system: CompiledSystem, result: ExploreResult): string[] {
  return result.outcomes.flatMap(({ id, first, depth }) => {
    if (first === null) return [];
    const path = pathTo(result, first.state);
    const steps = path.labels.length + (first.label === null ? 0 : 1);
    return [
      ...(replay(system, path).join() === result.graph.wordsOf(first.state).join() ? [] : [`the trace to ${id} leads elsewhere`]),
      ...(steps === depth ? [] : [`the trace to ${id} has ${steps} steps, not ${depth}`]),
    ];
  });
}
