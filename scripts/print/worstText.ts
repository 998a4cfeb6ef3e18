/** What cost and precision came to in the worst schedule, a line for each property that counts something. */
import type { RunResult } from '../../checks/index.ts';

/** In the order of the runs, under a heading. What never occurred is left out; nothing at all: no lines. */
export function worstLines(runs: readonly RunResult[]): string[] {
  const lines = runs.flatMap((run) =>
    run.properties.flatMap(({ id, worst, verdict }) =>
      worst === null || verdict === 'vacuous' ? [] : [`  ${run.scenario} ${run.variant} ${id}: ${worstText(worst)}`],
    ),
  );
  return lines.length === 0 ? [] : ['Worst values over all schedules:', ...lines];
}

/** `at most 3 pages zapped in one hold; bound 2`. */
export function worstText(worst: NonNullable<RunResult['properties'][number]['worst']>): string {
  const counted = `${worst.value} ${worst.unit} ${worst.what}`;
  const known = worst.exact ? `at most ${counted}` : `at least ${counted} so far`;
  return worst.bound === null ? known : `${known}; bound ${worst.bound}`;
}
