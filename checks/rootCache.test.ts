/**
 * The cache of roots of one vCPU, as compiled, against a list in the order of last use: random commands, compared after each.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bounds } from '../model/index.ts';
import { Kernel, runnerOf } from './testing/kernel.ts';
import { rootCacheCommands } from './testing/rootCacheCommands.ts';
import { RootCacheReference } from './testing/rootCacheReference.ts';

/** Rows: a page for each PGD, as many of the old generation, and what slots hold beside these. */
const bounds: Bounds = {
  vcpus: 1,
  pages: 12,
  fanout: 1,
  levels: 2,
  prevRoots: 2,
  paeRoots: 1,
  pgds: 4,
  gfns: 8,
  parents: 1,
  budget: 1,
  flood: 3,
  // More than there are pages: the loop that zaps all does not choose whether to yield.
  batch: 20,
  quota: 16,
  generationBits: 1,
  mmuLock: 'rwlock',
};
const posted = 'model/variants/2021-obsolete-roots/posted.ts';

function runnerWith(replacing: readonly string[]) {
  return runnerOf({ bounds, options: { tdp_enabled: false }, begin: 'calls_begin', replacing });
}

const merged = runnerWith([]);

function check(runner: typeof merged, makeReference: () => RootCacheReference) {
  const commands = fc.commands(rootCacheCommands(bounds.pgds), { maxCommands: 40, size: 'max', disableReplayLog: true });
  const property = fc.property(commands, (each) => fc.modelRun(() => ({ model: makeReference(), real: new Kernel(runner) }), each));
  return fc.check(property, { seed: 20_211_209, numRuns: 100 });
}
/** Of the shrunk list of commands. */
function length(found: ReturnType<typeof check>): number {
  return `${found.counterexample?.[0]}`.split(',').length;
}
const reference = () => new RootCacheReference(bounds.prevRoots, bounds.flood);

/** Forgets the latest used of the others, not the oldest. */
class LatestGoes extends RootCacheReference {
  override missed(): void {
    const [current, , ...rest] = this.slots;
    if (current === null) return;
    this.slots = [null, current ?? null, ...rest];
    this.pages = this.pages.filter((page) => !page.zapped || this.slotsOf(page) > 0);
  }
}

describe('the cache of roots', () => {
  it('does as the reference', () => {
    const found = check(merged, reference);
    expect(fc.defaultReportMessage(found)).toBeUndefined();
  });

  it('as posted keeps a stale root in a slot', () => {
    const found = check(runnerWith([posted]), reference);
    expect(found.failed).toBe(true);
    expect(length(found)).toBeLessThanOrEqual(5);
    const { actual, expected } = found.errorInstance as Record<'actual' | 'expected', { slots: (string | null)[] }>;
    const stale = ({ slots }: typeof actual) => slots.filter((slot) => slot?.includes('stale') === true).length;
    expect([stale(actual), stale(expected)]).toEqual([1, 0]);
  });

  it('is noticed to drop the oldest root by a reference that drops another', () => {
    const found = check(merged, () => new LatestGoes(bounds.prevRoots, bounds.flood));
    expect(found.failed).toBe(true);
    expect(length(found)).toBeLessThanOrEqual(5);
  });
});
