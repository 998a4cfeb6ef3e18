/**
 * Shadow pages, as compiled, against lists of plain objects: random commands, compared after each.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bounds } from '../model/index.ts';
import { Kernel, runnerOf } from './testing/kernel.ts';
import { shadowPagesCommands } from './testing/shadowPagesCommands.ts';
import { ShadowPagesReference } from './testing/shadowPagesReference.ts';

const bounds: Bounds = {
  vcpus: 1,
  pages: 7,
  fanout: 2,
  levels: 3,
  prevRoots: 1,
  paeRoots: 1,
  pgds: 2,
  gfns: 14,
  parents: 3,
  budget: 1,
  flood: 3,
  batch: 20,
  quota: 5,
  generationBits: 1,
  mmuLock: 'rwlock',
};
const replacing2013 = 'model/variants/2013-fast-zap';
const replacing2020 = 'model/variants/2020-nested-zap';

function runnerWith(nested: boolean, quota: number, replacing: readonly string[] = []) {
  return runnerOf({
    bounds: { ...bounds, quota },
    options: { tdp_enabled: nested },
    begin: nested ? 'calls_beginNested' : 'calls_begin',
    replacing,
  });
}

function check(nested: boolean, quota: number, replacing?: readonly string[]) {
  const runner = runnerWith(nested, quota, replacing);
  const { pages: rows, fanout } = bounds;
  const reference = () => new ShadowPagesReference({ rows, fanout, quota, orphansGo: nested });
  const commands = fc.commands(shadowPagesCommands(bounds.levels, 2, bounds.parents), {
    maxCommands: 40,
    size: 'max',
    disableReplayLog: true,
  });
  const property = fc.property(commands, (each) => fc.modelRun(() => ({ model: reference(), real: new Kernel(runner) }), each));
  return fc.check(property, { seed: 20_200_923, numRuns: 100 });
}

describe('shadow pages', () => {
  it.each([
    ['a guest that pages', false, bounds.quota],
    ['L2, whose orphans go with their parent', true, bounds.quota],
    ['a quota that roots use up', false, 2],
  ])('do as the reference: %s', (_, nested, quota) => {
    expect(fc.defaultReportMessage(check(nested, quota))).toBeUndefined();
  });

  it.each([
    ['new pages at the tail', false, `${replacing2013}/tailAdd.ts`, 2],
    ['recycling from the head', false, `${replacing2020}/recyclingFromHead.ts`, 3],
    ['children that are unlinked and stay', true, `${replacing2020}/v58Rule.ts`, 4],
    ['children that go whoever else links them', true, `${replacing2020}/parentsUntested.ts`, 6],
  ])('are noticed to differ: %s', (_, nested, file, commands) => {
    const found = check(nested, bounds.quota, [file]);
    expect(found.failed).toBe(true);
    expect(`${found.counterexample?.[0]}`.split(',').length).toBeLessThanOrEqual(commands);
  });
});
