import { describe, expect, it } from 'vitest';
import { explore, shortestTrace } from './index.ts';
import { type StandInStep, standIn } from './testing/standIn.ts';

const outcomeOf = (result: ReturnType<typeof explore>) => result.outcomes.find(({ id }) => id === 'deadlock');

/** Word 0: who holds lock 0 and lock 1 (2 bits each); words 1, 2: how far the two processes are. */
function twoLocks(reversed: boolean, extra: readonly ('essential' | 'daemon')[] = []) {
  const order = [[0, 1], reversed ? [1, 0] : [0, 1]];
  const holder = (locks: number, lock: number) => (locks >> (2 * lock)) & 3;
  return standIn({
    processes: ['essential', 'essential', ...extra],
    initial: [[0, 0, 0]],
    steps: ([locks = 0, ...at]) => [
      ...[0, 1].flatMap((process): StandInStep[] => {
        const stage = at[process] ?? 0;
        const move = (changed: number) => ({
          process,
          to: [changed, ...at.map((other, index) => (index === process ? stage + 1 : other))],
        });
        const lock = order[process]?.[stage];
        if (stage === 2)
          return [move([0, 1].reduce((rest, one) => (holder(rest, one) === process + 1 ? rest & ~(3 << (2 * one)) : rest), locks))];
        return lock === undefined || holder(locks, lock) !== 0 ? [] : [move(locks | ((process + 1) << (2 * lock)))];
      }),
      // The others run for ever.
      ...extra.map((_, index) => ({ process: 2 + index, to: [locks, ...at] })),
    ],
    statusOf: ([, ...at], process) => (process < 2 && at[process] === 3 ? 'done' : process < 2 ? 'blocked' : 'runnable'),
    waitsFor: ([locks = 0, ...at], process) => {
      const lock = order[process]?.[at[process] ?? 0];
      return lock === undefined || holder(locks, lock) === 0 ? [] : [holder(locks, lock) - 1];
    },
  });
}

describe('a cycle of waiting', () => {
  it('is found with its processes and a shortest trace', () => {
    const result = explore(twoLocks(true));
    expect(result.verdict).toBe('violated');
    expect(outcomeOf(result)).toMatchObject({ depth: 2, count: 1, deadlock: { kind: 'cycle', processes: [0, 1] } });
    expect(shortestTrace(result, 'deadlock')?.labels).toEqual([0, 1]);
  });

  it('is found though another essential process runs on', () => {
    expect(outcomeOf(explore(twoLocks(true, ['essential'])))).toMatchObject({ status: 'violated', deadlock: { kind: 'cycle' } });
  });

  it('is not seen where there is none', () => {
    const result = explore(twoLocks(false));
    expect(result.verdict).toBe('holds');
    expect(result.counts).toMatchObject({ deadlocked: 0, quiescent: 1, terminal: 1 });
  });
});

/** The essential process waits until the daemon has counted to `until`; the daemon stops at `stop`. */
function waitForDaemon(until: number, stop: number, status: 'blocked' | 'idle' = 'blocked') {
  return standIn({
    processes: ['essential', 'daemon'],
    initial: [[0, 0]],
    steps: ([n = 0, done = 0]) => [
      ...(n === until && done === 0 ? [{ process: 0, to: [n, 1] }] : []),
      ...(n < stop ? [{ process: 1, to: [n + 1, done] }] : []),
    ],
    statusOf: ([, done], process) => (process === 1 ? 'runnable' : done === 1 ? 'done' : status),
  });
}

describe('a state that no essential process leaves', () => {
  it('is no deadlock while daemons can still help', () => {
    const result = explore(waitForDaemon(3, 3));
    expect(result.verdict).toBe('holds');
    expect(result.counts.deadlocked).toBe(0);
  });

  it('is one from where they no longer can, and the first such state is reported', () => {
    const tooEarly = explore(waitForDaemon(3, 2));
    expect(outcomeOf(tooEarly)).toMatchObject({ depth: 0, count: 3, deadlock: { kind: 'stuck', processes: [0] } });
    const missed = explore(waitForDaemon(1, 3));
    expect(outcomeOf(missed)).toMatchObject({ status: 'violated', depth: 2, count: 2 });
    expect([...missed.deadlockedStates].map((id) => [...missed.graph.wordsOf(id)])).toEqual([
      [2, 0],
      [3, 0],
    ]);
  });

  it('is none where the process rests', () => {
    const result = explore(waitForDaemon(3, 2, 'idle'));
    expect(result.verdict).toBe('holds');
    expect(result.counts.quiescent).toBe(3);
  });

  it('is not claimed where the way on was cut', () => {
    const limited = explore(waitForDaemon(5, 4), { limits: { depth: 2 } });
    expect(outcomeOf(limited)).toMatchObject({ status: 'incomplete', count: 0 });
    const bounded = standIn({
      processes: ['essential', 'daemon'],
      initial: [[0]],
      steps: () => [{ process: 1, to: 'bound' }],
      statusOf: () => 'blocked',
    });
    expect(outcomeOf(explore(bounded))).toMatchObject({ status: 'incomplete', count: 0 });
  });

  it('is found among daemons that run in circles, in both modes alike', () => {
    const circling = () =>
      standIn({
        processes: ['essential', 'daemon'],
        initial: [[0]],
        // 0 → 1 → 2 → 0 with a way out to the trap 3 ⇄ 4; the essential process can step at 2 only.
        steps: ([n = 0]) => [
          ...(n === 2 ? [{ process: 0, to: [2] }] : []),
          { process: 1, to: [[1, 2, 0, 4, 3][n] ?? 0] },
          ...(n === 1 ? [{ process: 1, choice: 1, to: [3] }] : []),
        ],
        statusOf: () => 'blocked',
      });
    for (const mode of ['exact', 'fingerprint'] as const) {
      const result = explore(circling(), { mode });
      expect([...result.deadlockedStates].map((id) => result.graph.wordsOf(id)[0])).toEqual([3, 4]);
      expect(outcomeOf(result)).toMatchObject({ depth: 2, count: 2 });
    }
  });
});
