/**
 * What is kept of a run when its states are gone: enough to hold another run of the scenario against it.
 *
 * In: a run that has ended, in its prologue or after its search. Out: verdicts and costs. Never: states.
 */
import type { PropertyResult, Verdict } from '../results.ts';
import { type FinishedRun, judged } from '../runSystem.ts';
import type { PrologueTrouble } from './prologue.ts';

export interface SideResult {
  /** Properties, faults and deadlocks; no states that the scenario merely wants to meet. */
  readonly properties: readonly PropertyResult[];
  /** Interesting states that were not met. */
  readonly unmet: readonly string[];
  readonly exhausted: boolean;
  /** Equal for runs that are the same; empty where there was none. */
  readonly fingerprint: string;
  readonly states: number;
}

export function sideOf(run: FinishedRun | PrologueTrouble): SideResult {
  if ('trouble' in run) {
    const { violates, trouble } = run;
    const verdict = {
      name: 'before the scenario begins',
      verdict: 'violated',
      expected: null,
      steps: 0,
      message: trouble,
      worst: null,
    } as const;
    return {
      properties: violates === null ? [] : [{ id: violates, ...verdict }],
      unmet: [],
      exhausted: false,
      fingerprint: '',
      states: 0,
    };
  }
  const { outcomes, counts } = run.found;
  const interesting = outcomes.filter(({ kind }) => kind === 'reachable');
  const names = new Set(interesting.map(({ id }) => id));
  const { properties, exhausted } = judged(run, { violated: [] }, null);
  return {
    properties: properties.filter(({ id }) => !names.has(id)),
    unmet: interesting.filter(({ status }) => status !== 'holds').map(({ id }) => id),
    exhausted,
    fingerprint: run.fingerprint,
    states: counts.states,
  };
}

/** What a side says of an id: faults and deadlocks are listed only where they occur. */
export function verdictIn({ properties, exhausted }: SideResult, id: string): Verdict {
  return properties.find((each) => each.id === id)?.verdict ?? (exhausted ? 'holds' : 'incomplete');
}
