import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ExploreOptions } from './index.ts';
import { explore } from './index.ts';
import { standIn } from './testing/standIn.ts';
import { compileToy, twoPhaseCommit } from './toys/index.ts';

const modes = ['exact', 'fingerprint'] as const;
afterEach(() => void vi.unstubAllGlobals());

/** Arrays of more words than this cannot be had any more; what exists stays. */
function noLongerThan(words: number): void {
  const real = Int32Array;
  vi.stubGlobal(
    'Int32Array',
    new Proxy(real, {
      construct(target, given: readonly unknown[], newTarget) {
        if (typeof given[0] === 'number' && given[0] > words) throw new RangeError('Array buffer allocation failed');
        return Reflect.construct(target, [...given], newTarget) as object;
      },
    }),
  );
}

describe.each(modes)('without memory, in mode %s', (mode) => {
  const run = (options: ExploreOptions = {}) => explore(compileToy(twoPhaseCommit(7)), { mode, ...options });
  const whole = run();

  it.each([0.2, 0.5, 1, 2])('a limit of %d MiB ends the run as incomplete, with what was reached', (megabytes) => {
    const memoryBytes = megabytes * 2 ** 20;
    const { verdict, exhausted, cuts, counts, outcomes } = run({ limits: { memoryBytes } });
    expect([verdict, exhausted]).toEqual(['incomplete', false]);
    expect(cuts.map(({ kind }) => kind)).toEqual(['memory']);
    expect(outcomes.some(({ status }) => status === 'holds')).toBe(false);
    expect(counts.states).toBeLessThan(whole.counts.states);
  });

  it.each([2 ** 17, 2 ** 18])('an array of more than %d words that the machine has not ends it likewise', (words) => {
    const system = compileToy(twoPhaseCommit(7));
    noLongerThan(words);
    const { verdict, cuts, counts, graph } = explore(system, { mode });
    vi.unstubAllGlobals();
    expect([verdict, cuts.map(({ kind }) => kind)]).toEqual(['incomplete', ['memory']]);
    expect(counts.states).toBeLessThan(whole.counts.states);
    expect(counts.states).toBe(graph.count);
    expect(graph.depthOf(counts.states - 1)).toBeGreaterThan(0);
  });

  it('what is no lack of memory is not taken for it', () => {
    const system = standIn({
      processes: ['essential'],
      initial: [[0]],
      steps: () => {
        throw new RangeError('offset is out of bounds');
      },
    });
    expect(() => explore(system, { mode })).toThrow('offset is out of bounds');
  });
});
