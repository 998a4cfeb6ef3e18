/**
 * A shortest path to a violation, for tests: a breadth-first search of twenty lines that needs nothing else.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { type Goal, goalKey, goalsOfStep, meetsInState, type Path, stepsFrom } from '../../explorer/index.ts';

/** Throws if there is none within `statesMax` states. */
export function shortestPath(system: CompiledSystem, goal: Goal, statesMax = 20_000): Path {
  const seen = new Set<string>();
  const queue: { words: Int32Array; path: Path }[] = [];
  const add = (words: Int32Array, path: Path) => {
    const key = words.join();
    if (seen.has(key)) return;
    seen.add(key);
    queue.push({ words, path });
  };
  for (const initial of system.initialStates()) add(initial, { initial, labels: [] });
  for (let next = queue.shift(); next !== undefined && seen.size < statesMax; next = queue.shift()) {
    const { words, path } = next;
    if (meetsInState(system, words, goal)) return path;
    for (const step of stepsFrom(system, words)) {
      const longer = { initial: path.initial, labels: [...path.labels, step.label] };
      if (goalsOfStep(system, step.status, step.violations).some((found) => goalKey(found) === goalKey(goal))) return longer;
      if (step.status === 0) add(step.words, longer);
    }
  }
  throw new Error('nothing is violated');
}
