/** What cost and precision came to in the worst schedule, a line for each property that counts something. */
import { type RunResult, worstText } from '../../checks/index.ts';

/**
 * In the order of the runs, under a heading; nothing at all: no lines. What never occurred is left out, and runs in which nothing
 * was counted where nothing may be share a line.
 */
export function worstLines(runs: readonly RunResult[]): string[] {
  const none = new Map<string, number>();
  const lines = runs.flatMap((run) =>
    run.properties.flatMap(({ id, worst, verdict }) => {
      if (worst === null || verdict === 'vacuous') return [];
      if (worst.value !== 0 || worst.bound !== 0 || !worst.exact) return [`  ${run.scenario} ${run.variant} ${id}: ${worstText(worst)}`];
      const text = `${id}: no ${worst.unit} ${worst.what}`;
      none.set(text, (none.get(text) ?? 0) + 1);
      return [];
    }),
  );
  const rest = [...none].map(([text, count]) => `  ${text}, in ${count} ${count === 1 ? 'run' : 'runs'}`);
  return lines.length + rest.length === 0 ? [] : ['Worst values over all schedules:', ...lines, ...rest];
}
