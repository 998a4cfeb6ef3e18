/**
 * Our explorer and Spin on the same system, side by side.
 *
 * In: what both found. Out: differences, a line each. Never: a difference that is explained away.
 */
import type { ExploreResult } from '../../explorer/index.ts';
import type { SpinOpinion } from './spin.ts';

/**
 * Empty if both agree on the number of states, the states without a step, the violated properties, the kinds of faults and the
 * interesting states. Deadlocks: Spin sees the states in which nothing moves; cycles of waiting beside something that
 * moves are ours alone, so only what Spin finds must be found by us. Progress properties are not exported.
 */
export function differences(ours: ExploreResult, spin: SpinOpinion): string[] {
  const asked = ours.outcomes.filter(({ kind }) => kind !== 'deadlock' && kind !== 'progress');
  const violated = asked.filter(({ status }) => status === 'violated').map(({ id }) => id);
  const reached = ours.outcomes.filter(({ kind, status }) => kind === 'reachable' && status === 'holds').map(({ id }) => id);
  const deadlocked = ours.outcomes.some(({ kind, status }) => kind === 'deadlock' && status === 'violated');
  const found: [string, string | number, string | number][] = [
    ['states', ours.counts.states, spin.states],
    ['states without a step', ours.counts.terminal, spin.terminal],
    ['violated', violated.sort().join(' '), spin.violated.filter((id) => id !== 'deadlock').join(' ')],
    ['interesting states met', reached.sort().join(' '), spin.reached.join(' ')],
    ['a bound exceeded', String(ours.cuts.some(({ kind }) => kind === 'bound')), String(spin.bounded)],
    ['a deadlock that Spin sees', String(deadlocked && spin.violated.includes('deadlock')), String(spin.violated.includes('deadlock'))],
    ['everything searched', 'true', String(spin.complete)],
  ];
  return found.filter(([, a, b]) => a !== b).map(([what, a, b]) => `${what}: ours ${a || 'none'}, Spin ${b || 'none'}`);
}
