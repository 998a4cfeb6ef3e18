/**
 * Shorter paths to the same violation. A breadth-first search gives shortest ones already; this is for paths of
 * a hunt.
 */
import type { CompiledSystem } from '../compiler/index.ts';
import { followUntil, type Goal, type Path } from '../explorer/index.ts';

/**
 * Delta debugging over the labels: larger and then smaller pieces are left out as long as the goal is still
 * met; labels that are then not enabled drop out, too. At the end no single label can be left out. Throws
 * RangeError for a path that does not meet the goal. At most `triesMax` paths are walked.
 */
export function minimise(system: CompiledSystem, path: Path, goal: Goal, triesMax = 5000): Path {
  let tries = 0;
  const shorten = (labels: readonly number[]): readonly number[] | null => {
    tries++;
    const { labels: taken, met } = followUntil(system, path.initial, labels, goal, 'skip');
    return met ? taken : null;
  };
  let best = shorten(path.labels);
  if (best === null) throw new RangeError('the path does not meet the goal');
  for (let size = Math.ceil(best.length / 2); size >= 1 && tries < triesMax; ) {
    const shorter = withoutSome(best, size, shorten);
    if (shorter !== null) best = shorter;
    // A success may make larger pieces superfluous again; only a round without one goes on to smaller pieces.
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.min(size, Math.max(1, best.length));
  }
  return { initial: path.initial, labels: best };
}

/** The first success of leaving out one piece of `size` labels, from the end. */
function withoutSome(
  labels: readonly number[],
  size: number,
  shorten: (labels: readonly number[]) => readonly number[] | null,
): readonly number[] | null {
  for (let end = labels.length; end > 0; end -= size) {
    const start = Math.max(0, end - size);
    const shorter = shorten([...labels.slice(0, start), ...labels.slice(end)]);
    if (shorter !== null && shorter.length < labels.length) return shorter;
  }
  return null;
}
