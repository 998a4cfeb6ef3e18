/**
 * Walking along one path, without a search.
 *
 * In: a compiled system, an initial state, labels. Out: what was met on the way. Never: more than one state kept.
 */
import type { CompiledSystem } from '../../compiler/system.ts';
import { type Goal, goalKey, goalsOfState, goalsOfStep, isDeadlocked } from './goal.ts';

/** One step as `expand` tells it, copied out of the buffer. */
export interface Step {
  readonly label: number;
  readonly status: number;
  readonly violations: number;
  /** Undefined content if the step ended in a fault. */
  readonly words: Int32Array;
}

/** All steps from a state. */
export function stepsFrom(system: CompiledSystem, words: Int32Array): Step[] {
  system.buffer.set(words, 0);
  const count = system.expand(0, system.words);
  return Array.from({ length: count }, (_, k) => stepAt(system, k));
}

/** Step `k` of an `expand(0, words)` that was just made. */
export function stepAt(system: CompiledSystem, k: number): Step {
  return {
    label: system.labels[k] ?? 0,
    status: system.status[k] ?? 0,
    violations: system.violations[k] ?? 0,
    words: system.buffer.slice((k + 1) * system.words, (k + 2) * system.words),
  };
}

export interface Followed {
  /** Labels of the path up to where the goal was met, or as far as they were enabled. */
  readonly labels: readonly number[];
  /** Whether `labels` ends where the goal is met; its first occurrence counts. */
  readonly met: boolean;
}

/** Takes the labels in turn; those that are not enabled are left out (`skip`) or end the path. */
export function followUntil(
  system: CompiledSystem,
  initial: Int32Array,
  labels: readonly number[],
  goal: Goal,
  disabled: 'skip' | 'stop',
): Followed {
  const key = goalKey(goal);
  const taken: number[] = [];
  let words = initial;
  if (meetsInState(system, words, goal)) return { labels: taken, met: true };
  for (const label of labels) {
    const step = stepsFrom(system, words).find((candidate) => candidate.label === label);
    if (step === undefined) {
      if (disabled === 'stop') break;
      continue;
    }
    taken.push(label);
    if (goalsOfStep(system, step.status, step.violations).some((found) => goalKey(found) === key)) return { labels: taken, met: true };
    if (step.status !== 0) break;
    words = step.words;
    if (meetsInState(system, words, goal)) return { labels: taken, met: true };
  }
  return { labels: taken, met: false };
}

/** State properties, *reachable* ones and deadlocks; false for what happens at steps. */
export function meetsInState(system: CompiledSystem, words: Int32Array, goal: Goal): boolean {
  if (goal.kind === 'fault') return false;
  system.buffer.set(words, 0);
  if (goal.kind === 'deadlock') return isDeadlocked(system, 0);
  const { violated, met } = goalsOfState(system, 0);
  return [...violated, ...met].some((found) => goalKey(found) === goalKey(goal));
}
