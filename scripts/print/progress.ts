/** The line that shows that something is still going on: only after two seconds, only on a terminal. */
import type { CheckProgress } from '../../checks/index.ts';
import { count, duration } from './numbers.ts';

/** Before this, a run is called fast and nothing is shown. */
const quietMilliseconds = 2000;

/** Null while it is too early. */
export function progressLine(progress: CheckProgress): string | null {
  if (progress.elapsedMs < quietMilliseconds) return null;
  const { index, total, scenario, variant, search } = progress;
  const run = `[${index + 1}/${total}] ${scenario} ${variant}`;
  if (search === null) return `${run}: preparing, ${duration(progress.elapsedMs)}`;
  const { states, rate, frontier, depth } = search;
  return `${run}: ${count(states)} states, ${count(Math.round(rate))}/s, frontier ${count(frontier)}, depth ${depth}, ${duration(progress.elapsedMs)}`;
}
