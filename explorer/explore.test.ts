import { describe, expect, it } from 'vitest';
import type { PropertyDescription } from '../compiler/index.ts';
import { type ExploreOptions, explore, exploreAsync, pathTo, replay, shortestTrace } from './index.ts';
import { standIn } from './testing/standIn.ts';
import { packedTwoPhaseCommit } from './testing/twoPhaseCommit.ts';

const stateProperty = (id: string): PropertyDescription => ({ kind: 'state', id, name: id, predicate: id, scope: { kind: 'always' } });
const eventProperty = (id: string): PropertyDescription => ({ kind: 'event', id, name: id, hooks: [] });
const reachable = (id: string): PropertyDescription => ({ kind: 'reachable', id, name: id, predicate: id });

/** Counts from 0 to `last` by ones, and by threes from multiples of three. */
function counter(last: number, properties: readonly PropertyDescription[] = [], rules: Partial<Parameters<typeof standIn>[0]> = {}) {
  return standIn({
    processes: ['essential'],
    initial: [[0, 7]],
    steps: ([n = 0]) => [
      ...(n < last ? [{ process: 0, to: [n + 1, 7] }] : []),
      ...(n % 3 === 0 && n + 3 <= last ? [{ process: 0, choice: 1, to: [n + 3, 7] }] : []),
    ],
    statusOf: ([n]) => (n === last ? 'done' : 'runnable'),
    properties,
    ...rules,
  });
}
const outcome = (result: ReturnType<typeof explore>, id: string) => result.outcomes.find((one) => one.id === id);

describe('properties', () => {
  it('holds if everything was seen, and counts what was seen', () => {
    const result = counter(10, [stateProperty('P')], { check: () => ({ reached: ['P'] }) });
    const { verdict, counts, exhausted, terminalStates, graph } = explore(result);
    expect({ verdict, exhausted }).toEqual({ verdict: 'holds', exhausted: true });
    expect(counts).toMatchObject({
      states: 11,
      transitions: 13,
      initialStates: 1,
      depth: 4,
      terminal: 1,
      quiescent: 1,
      deadlocked: 0,
      frontier: 0,
      words: 2,
    });
    expect([...terminalStates].map((id) => [...graph.wordsOf(id)])).toEqual([[10, 7]]);
  });

  it('reports a violated state once, with a shortest trace, and goes on', () => {
    const system = counter(10, [stateProperty('P'), stateProperty('Q')], {
      check: ([n = 0]) => ({ violated: n >= 5 ? ['P'] : [], reached: ['P', 'Q'] }),
    });
    const result = explore(system);
    expect(result.verdict).toBe('violated');
    expect(outcome(result, 'P')).toMatchObject({ status: 'violated', depth: 2, count: 6 });
    expect(outcome(result, 'Q')).toMatchObject({ status: 'holds', depth: null, count: 0 });
    const trace = shortestTrace(result, 'P');
    expect(trace?.labels).toEqual([1 << 8, 1 << 8]);
    expect(trace && [...replay(system, trace)]).toEqual([6, 7]);
    expect(result.counts.states).toBe(11);
  });

  it('reports a violated initial state with an empty trace', () => {
    const result = explore(counter(3, [stateProperty('P')], { check: ([n]) => ({ violated: n === 0 ? ['P'] : [], reached: ['P'] }) }));
    expect(outcome(result, 'P')).toMatchObject({ status: 'violated', depth: 0, count: 1 });
    expect(shortestTrace(result, 'P')?.labels).toEqual([]);
  });

  it('reports an event violated by a step to a known state, that step included', () => {
    const system = standIn({
      processes: ['essential'],
      initial: [[0]],
      steps: ([n = 0]) => [n < 2 ? { process: 0, to: [n + 1] } : { process: 0, choice: 3, to: [0], violates: ['E'], monitors: ['E'] }],
      properties: [eventProperty('E')],
    });
    const result = explore(system);
    expect(outcome(result, 'E')).toMatchObject({ status: 'violated', depth: 3, count: 1, first: { state: 2, label: 3 << 8 } });
    expect(shortestTrace(result, 'E')?.labels).toEqual([0, 0, 3 << 8]);
  });

  it('stops at a violation if that is all that is asked, and says that it did', () => {
    const system = () => counter(200_000, [stateProperty('P')], { check: ([n]) => ({ violated: n === 3 ? ['P'] : [], reached: ['P'] }) });
    const { counts, cuts, exhausted, outcomes } = explore(system(), { stopAtViolation: true });
    expect(outcomes.find(({ id }) => id === 'P')).toMatchObject({ status: 'violated' });
    expect([exhausted, cuts]).toEqual([false, [{ kind: 'interrupted', message: 'stopped at a violation' }]]);
    expect(counts.states).toBeLessThan(1000);
    expect(explore(system()).exhausted).toBe(true);
  });

  it('is vacuous where a scope was never met or a monitor never ran', () => {
    const never = explore(counter(4, [stateProperty('P')]));
    expect(never.verdict).toBe('vacuous');
    const properties = [eventProperty('ran'), eventProperty('idle')];
    const result = explore(
      standIn({
        processes: ['essential'],
        initial: [[0]],
        steps: ([n]) => (n === 0 ? [{ process: 0, to: [1], monitors: ['ran'] }] : []),
        statusOf: ([n]) => (n === 1 ? 'done' : 'runnable'),
        properties,
      }),
    );
    expect(result.outcomes.map(({ id, status }) => [id, status])).toEqual([
      ['ran', 'holds'],
      ['idle', 'vacuous'],
      ['deadlock', 'holds'],
    ]);
    expect(result.verdict).toBe('vacuous');
  });

  it('meets what is reachable with a shortest trace, and is vacuous where it cannot', () => {
    const meet = (n: number) => ({ check: ([at]: readonly number[]) => ({ reached: at === n ? ['R'] : [] }) });
    const met = explore(counter(10, [reachable('R')], meet(4)));
    expect(met.verdict).toBe('holds');
    expect(outcome(met, 'R')).toMatchObject({ status: 'holds', reached: true, depth: 2, count: 1 });
    expect(shortestTrace(met, 'R')?.labels).toEqual([1 << 8, 0]);
    expect(explore(counter(10, [reachable('R')], meet(11))).verdict).toBe('vacuous');
    expect(explore(counter(10, [reachable('R')], meet(11)), { limits: { depth: 2 } }).verdict).toBe('incomplete');
    expect(outcome(explore(counter(10, [reachable('R')], meet(4)), { limits: { depth: 2 } }), 'R')?.status).toBe('holds');
  });

  it('refuses more properties or processes than a bit set holds', () => {
    const many = Array.from({ length: 33 }, (_, n) => stateProperty(`P${n}`));
    expect(() => explore(counter(3, many))).toThrow(RangeError);
    expect(() => explore(counter(3, [], { processes: many.map(() => 'daemon') }))).toThrow(RangeError);
  });
});

describe('faults', () => {
  const faulting = (kind: 'useAfterFree' | 'bound' | 'bug', violates: readonly string[] = []) =>
    standIn({
      processes: ['essential'],
      initial: [[0]],
      steps: ([n = 0]) => (n < 5 ? [{ process: 0, to: [n + 1] }, ...(n >= 3 ? [{ process: 0, choice: 1, to: kind, violates }] : [])] : []),
      statusOf: ([n]) => (n === 5 ? 'done' : 'runnable'),
      properties: [{ kind: 'assertion', id: 'A', name: 'A' }],
    });

  it('a memory fault is a violation of its own, and its path ends', () => {
    const result = explore(faulting('useAfterFree'));
    expect(result.verdict).toBe('violated');
    expect(outcome(result, 'fault:useAfterFree')).toMatchObject({ kind: 'fault', status: 'violated', depth: 4, count: 2 });
    expect(outcome(result, 'fault:useAfterFree')?.faults).toHaveLength(1);
    expect(shortestTrace(result, 'fault:useAfterFree')?.labels).toEqual([0, 0, 0, 1 << 8]);
    expect(result.counts).toMatchObject({ states: 6, transitions: 7 });
  });

  it('a model bound makes the run incomplete, with its place', () => {
    const result = explore(faulting('bound'));
    expect(result.verdict).toBe('incomplete');
    expect(result.cuts).toMatchObject([
      { kind: 'bound', message: 'bound rows of things exceeded at standIn.ts:1', occurrence: { depth: 4, count: 2 } },
    ]);
    expect(outcome(result, 'fault:bound')).toBeUndefined();
    expect(outcome(result, 'A')?.status).toBe('incomplete');
  });

  it('a BUG with a property of its own is reported as that property only', () => {
    const result = explore(faulting('bug', ['A']));
    expect(outcome(result, 'A')).toMatchObject({ status: 'violated', depth: 4, count: 2 });
    expect(outcome(result, 'fault:bug')).toBeUndefined();
    expect(outcome(explore(faulting('bug')), 'fault:bug')?.status).toBe('violated');
  });
});

describe('limits', () => {
  const cutBy = (options: ExploreOptions) => {
    const { verdict, cuts, counts, exhausted } = explore(packedTwoPhaseCommit(5), options);
    expect({ verdict, exhausted }).toEqual({ verdict: 'incomplete', exhausted: false });
    expect(counts.frontier).toBeGreaterThan(0);
    return { kinds: cuts.map(({ kind }) => kind), counts };
  };

  it('states: the first batch end at or past the limit', () => {
    const { kinds, counts } = cutBy({ limits: { states: 500 }, batchParents: 4 });
    expect(kinds).toEqual(['states']);
    expect(counts.states).toBeGreaterThanOrEqual(500);
    expect(counts.states).toBeLessThan(600);
  });

  it('depth: states at the limit are kept, and none beyond', () => {
    const { kinds, counts } = cutBy({ limits: { depth: 3 } });
    expect(kinds).toEqual(['depth']);
    expect(counts.depth).toBe(3);
  });

  it('a depth that is just enough is not a limit', () => {
    expect(explore(packedTwoPhaseCommit(3), { limits: { depth: 10 } }).verdict).toBe('incomplete');
    expect(explore(packedTwoPhaseCommit(3), { limits: { depth: 11 } }).verdict).toBe('holds');
  });

  it('time and memory', () => {
    expect(cutBy({ limits: { timeMs: 0 } }).kinds).toEqual(['time']);
    const { verdict, cuts } = explore(packedTwoPhaseCommit(7), { limits: { memoryBytes: 2 ** 22 } });
    expect(verdict).toBe('incomplete');
    expect(cuts).toEqual([{ kind: 'memory', limit: 2 ** 22, message: 'limit of 4 MiB of memory reached' }]);
  });

  it('an abort ends the run with what was reached', async () => {
    const controller = new AbortController();
    const run = exploreAsync(packedTwoPhaseCommit(9), { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    const { verdict, cuts, counts } = await run;
    expect(verdict).toBe('incomplete');
    expect(cuts).toEqual([{ kind: 'interrupted', message: 'interrupted' }]);
    expect(counts.states).toBeGreaterThan(1);
    expect(counts.states).toBeLessThan(10_340_352);
  });

  it('reports progress', () => {
    const seen: number[] = [];
    explore(packedTwoPhaseCommit(5), { progressEveryMs: 1, onProgress: ({ states, frontier }) => seen.push(states - frontier) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe('paths', () => {
  it('start at the initial state that they come from', () => {
    const system = standIn({
      processes: ['daemon'],
      initial: [[0], [10]],
      steps: ([n = 0]) => (n % 10 < 3 ? [{ process: 0, to: [n + 1] }] : []),
    });
    const result = explore(system);
    expect(result.counts).toMatchObject({ states: 8, initialStates: 2, depth: 3 });
    expect(pathTo(result, 7)).toEqual({ initial: Int32Array.of(10), labels: [0, 0, 0] });
    expect(() => pathTo(result, 8)).toThrow(RangeError);
    expect(() => shortestTrace(result, 'nothing')).toThrow('no property nothing');
  });
});
