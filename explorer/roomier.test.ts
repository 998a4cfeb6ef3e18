import { describe, expect, it } from 'vitest';
import { type ExploreOptions, type ExploreResult, explore, exploreAsync, shortestTrace } from './index.ts';
import { standIn } from './testing/standIn.ts';

const words = 16;
/** Four processes, each with four words that say how far it has come; two of them are noticed when both are at the end. */
const wide = () =>
  standIn({
    processes: ['essential', 'essential', 'essential', 'essential'],
    initial: [Array.from({ length: words }, () => 0)],
    properties: [{ kind: 'state', id: 'apart', name: 'apart', predicate: 'apart', scope: { kind: 'always' } }],
    steps: (state) =>
      [0, 1, 2, 3].flatMap((process) => {
        const at = state[4 * process] ?? 0;
        if (at === 11) return [];
        const to = state.map((word, i) => (i >> 2 === process ? (at + 1) * (1 + (i & 3) * 1000) : word));
        return [{ process, to }];
      }),
    check: (state) => ({ violated: state[0] === 11 && state[4] === 11 ? ['apart'] : [], reached: ['apart'] }),
    statusOf: (state, process) => (state[4 * process] === 11 ? 'done' : 'runnable'),
  });

function told(result: ExploreResult): unknown {
  const { counts, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates } = result;
  const { elapsedMs: _, rate: __, memoryBytes: ___, bytesPerState: ____, ...numbers } = counts;
  const traces = outcomes.map(({ id }) => shortestTrace(result, id));
  return { numbers, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates, traces };
}
const whole = explore(wide());
const limited = (memoryBytes: number, more: ExploreOptions = {}) => ({ ...more, limits: { memoryBytes } });

describe('states that are kept in parts', () => {
  it('give the same result in less memory', () => {
    const parts = explore(wide(), { compress: true });
    expect(told(parts)).toEqual(told(whole));
    expect(parts.remarks).toBeUndefined();
    expect(parts.counts.bytesPerState / whole.counts.bytesPerState).toBeLessThan(0.75);
  });

  it('are what a search goes on with that comes near to the limit of memory, and it says so', async () => {
    const limit = 0.9 * whole.counts.memoryBytes;
    const without = explore(wide(), limited(limit, { compress: false }));
    expect([without.verdict, without.cuts.map(({ kind }) => kind)]).toEqual(['violated', ['memory']]);
    for (const found of [explore(wide(), limited(limit)), await exploreAsync(wide(), limited(limit))]) {
      expect(told(found)).toEqual(told(whole));
      expect(found.counts.memoryBytes).toBeLessThan(limit);
      expect(found.remarks).toEqual([expect.stringMatching(/^at \d+ states and \d MiB the states were taken apart/)]);
    }
  });

  it('are no way around the limit', () => {
    const { cuts, exhausted } = explore(wide(), limited(0.3 * whole.counts.memoryBytes));
    expect([cuts.map(({ kind }) => kind), exhausted]).toEqual([['memory'], false]);
  });
});
