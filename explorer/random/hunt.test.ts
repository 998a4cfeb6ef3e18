import { describe, expect, it } from 'vitest';
import { type CompiledSystem, compileSystem } from '../../compiler/index.ts';
import { binary, local, num, place, u32 } from '../../compiler/random/irWords.ts';
import { procedure, type ToyParts, toySystem } from '../../compiler/random/toySystem.ts';
import { followUntil } from './follow.ts';
import { type HuntOptions, hunt } from './hunt.ts';

const count = place('vm', 'count');
const mutexA = place('vm', 'mutexA');
const mutexB = place('vm', 'mutexB');

const compiled = (parts: ToyParts): CompiledSystem => compileSystem(toySystem(parts));

/** Two processes add to a counter `rounds` times without a lock; an assertion misses an addition. */
function lostUpdates(rounds: number): CompiledSystem {
  const add = procedure(
    'add',
    (w) => [
      ...Array.from({ length: rounds }, () => [w.load('n', count), w.preempt(), w.store(count, binary('+', local('n'), num(1)))]).flat(),
      w.load('n', count),
      w.assert(binary('>=', local('n'), num(rounds)), 'T-1'),
    ],
    { locals: { n: u32 } },
  );
  const isTwo = procedure('isTwo', (w) => [w.load('n', count), w.return(binary('==', local('n'), num(2)))], {
    locals: { n: u32 },
    result: { kind: 'bool' },
  });
  return compiled({
    processes: [{ run: add }, { run: add }],
    procedures: [isTwo],
    properties: [
      { kind: 'assertion', id: 'T-1', name: 'counted' },
      { kind: 'reachable', id: 'T-2', name: 'two', predicate: 'isTwo' },
    ],
  });
}

function reversedLocks(): CompiledSystem {
  const take = (name: string, first: typeof mutexA, second: typeof mutexA) =>
    procedure(name, (w) => [w.acquire(first), w.acquire(second), w.release(second), w.release(first)]);
  return compiled({ processes: [{ run: take('forward', mutexA, mutexB) }, { run: take('backward', mutexB, mutexA) }] });
}

describe('hunt', () => {
  it('finds a violation, and its labels lead there', async () => {
    const system = lostUpdates(2);
    const { found, reached } = await hunt(system, { seed: 1, stepsMax: 40 });
    expect(found?.goal).toEqual({ kind: 'property', index: 0 });
    if (found === null) return;
    expect(followUntil(system, found.initial, found.labels, found.goal, 'stop')).toEqual({ labels: found.labels, met: true });
    expect(reached).toEqual([1]);
  });

  it('shrinks: a schedule has no step less than it needs', async () => {
    const system = lostUpdates(2);
    const { found } = await hunt(system, { seed: 1, stepsMax: 40 });
    for (let k = 0; k < (found?.labels.length ?? 0) - 1; k++) {
      const shorter = found?.labels.toSpliced(k, 1) ?? [];
      const initial = found?.initial ?? new Int32Array();
      expect(followUntil(system, initial, shorter, { kind: 'property', index: 0 }, 'stop').met).toBe(false);
    }
  });

  it('repeats a finding from seed and path, alone', async () => {
    const system = lostUpdates(2);
    const first = await hunt(system, { seed: 5, stepsMax: 40 });
    const again = await hunt(system, { seed: 5, stepsMax: 40, path: first.found?.path ?? '' });
    expect(again.found?.labels).toEqual(first.found?.labels);
    expect(again.schedules).toBeLessThanOrEqual(2);
    expect(await hunt(system, { seed: 5, stepsMax: 40 })).toEqual(first);
  });

  it('finds a deadlock', async () => {
    const { found } = await hunt(reversedLocks(), { seed: 3 });
    expect(found?.goal).toEqual({ kind: 'deadlock' });
    expect(found?.labels.map((label) => label & 0xff).sort()).toEqual([0, 1]);
  });

  it('finds nothing where nothing is, and says how much it tried', async () => {
    const { found, schedules, steps } = await hunt(lostUpdates(1), { seed: 9, runs: 50 });
    expect(found).toBeNull();
    expect(schedules).toBe(50);
    expect(steps).toBeGreaterThan(50);
  });

  it('tells every option before its first step', async () => {
    const seen: HuntOptions[] = [];
    await hunt(reversedLocks(), { seed: 4, runs: 1, onOptions: (options) => seen.push(options) });
    expect(seen).toEqual([{ seed: 4, runs: 1, stepsMax: 200, stretchMax: 64 }]);
  });

  it('stops when it is told to, and says so', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const { found, interrupted, schedules } = await hunt(lostUpdates(1), { seed: 9, runs: 1_000_000_000, signal: stop.signal });
    expect(found).toBeNull();
    expect(interrupted).toBe(true);
    expect(schedules).toBeLessThan(1_000_000_000);
  });

  it('passes over what it is not asked for', async () => {
    const { found } = await hunt(reversedLocks(), { seed: 3, runs: 200, only: ['T-1'] });
    expect(found).toBeNull();
  });
});
