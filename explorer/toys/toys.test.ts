import { describe, expect, it } from 'vitest';
import { explore, shortestTrace } from '../index.ts';
import { twoPhaseCommitStates } from '../testing/twoPhaseCommit.ts';
import { compileToy, counters, filterLock, peterson, philosophers, post, type Toy, twoPhaseCommit } from './index.ts';

const summary = (toy: Toy, options: Parameters<typeof compileToy>[1] = {}) => {
  const result = explore(compileToy(toy, options));
  return { result, violated: result.outcomes.filter(({ status }) => status === 'violated').map(({ id, depth }) => ({ id, depth })) };
};

describe('two-phase commit, from the subset', () => {
  it.each([3, 5, 7])('has the published number of states with %i managers', (managers) => {
    const { result } = summary(twoPhaseCommit(managers));
    expect(result.counts).toMatchObject({ states: twoPhaseCommitStates.get(managers), depth: 3 * managers + 1 });
    expect(result.verdict).toBe('holds');
  });

  it('is searched by generated code; the interpreter agrees', () => {
    expect(compileToy(twoPhaseCommit(3)).backEnd).toBe('javascript');
    const { counts } = summary(twoPhaseCommit(3), { backEnd: 'interpreter' }).result;
    expect(counts).toMatchObject({ states: 288, transitions: 1145 });
  });
});

describe('counters', () => {
  it('have a state for each pair of numbers, with the end of each process besides, and a level for each sum', () => {
    const { result } = summary(counters(2, 30));
    expect(result).toMatchObject({ verdict: 'holds', counts: { states: 32 ** 2, depth: 62, terminal: 1 } });
  });
});

describe('mutual exclusion', () => {
  it.each([peterson(true), filterLock(2, true), filterLock(3, true)])('$name: holds', (toy) => {
    expect(summary(toy).result.verdict).toBe('holds');
  });

  it.each([peterson(false), filterLock(3, false)])('$name: is violated', (toy) => {
    const { result, violated } = summary(toy);
    expect(violated.map(({ id }) => id)).toEqual(['exclusive']);
    expect(result.cuts).toEqual([]);
  });

  it('gives the shortest counterexample that there is', () => {
    const { result, violated } = summary(peterson(false));
    expect(violated).toEqual([{ id: 'exclusive', depth: shortestTrace(result, 'exclusive')?.labels.length }]);
    expect(result.outcomes.find(({ id }) => id === 'used')?.status).toBe('holds');
  });

  it('merged or not, the verdicts are the same', () => {
    for (const toy of [peterson(true), peterson(false), filterLock(2, true)]) {
      const verdict = (merge: boolean) => summary(toy, { merge }).result.outcomes.map(({ id, status }) => [id, status]);
      expect(verdict(false)).toEqual(verdict(true));
    }
  });
});

describe('philosophers', () => {
  it('wait for each other in a cycle', () => {
    const { result, violated } = summary(philosophers(4, true));
    expect(violated).toEqual([{ id: 'deadlock', depth: shortestTrace(result, 'deadlock')?.labels.length }]);
    expect(result.outcomes.find(({ id }) => id === 'deadlock')?.deadlock).toEqual({ kind: 'cycle', processes: [0, 1, 2, 3] });
  });

  it('all eat where one of them is reversed', () => {
    const { result } = summary(philosophers(4, false));
    expect(result.verdict).toBe('holds');
    expect(result.counts).toMatchObject({ terminal: 1, quiescent: 1, deadlocked: 0 });
  });
});

describe('post', () => {
  it('arrives; states at rest are those between letters without one on the way', () => {
    const { result } = summary(post(2, true));
    expect(result.verdict).toBe('holds');
    expect(result.outcomes.map(({ id, status, reached }) => [id, status, reached])).toEqual([
      ['arrived', 'holds', true],
      ['deadlock', 'holds', true],
    ]);
    expect(result.counts.quiescent).toBe(1);
  });

  it('that may be lost leaves the sender stuck, whatever the daemon does', () => {
    const { result, violated } = summary(post(2, false));
    expect(violated.map(({ id }) => id)).toEqual(['deadlock']);
    expect(result.outcomes.find(({ id }) => id === 'deadlock')?.deadlock).toEqual({ kind: 'stuck', processes: [0] });
  });
});
