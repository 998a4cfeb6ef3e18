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
  quota: 6,
  generationBits: 1,
  mmuLock: 'rwlock',
};
const replacing2013 = 'model/variants/2013-fast-zap';
const replacing2020 = 'model/variants/2020-nested-zap';

function runnerWith(nested: boolean, replacing: readonly string[] = []) {
  return runnerOf({ bounds, options: { tdp_enabled: nested }, begin: nested ? 'calls_beginNested' : 'calls_begin', replacing });
}

function check(nested: boolean, replacing?: readonly string[]) {
  const runner = runnerWith(nested, replacing);
  const { pages: rows, fanout, quota } = bounds;
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
    ['a guest that pages', false],
    ['L2, whose orphans go with their parent', true],
  ])('do as the reference: %s', (_, nested) => {
    expect(fc.defaultReportMessage(check(nested))).toBeUndefined();
  });

  it.each([
    ['new pages at the tail', false, `${replacing2013}/tailAdd.ts`, 'get gfn 0 level 1,hold gfn 0 level 3'],
    ['recycling from the head', false, `${replacing2020}/recyclingFromHead.ts`, 'get gfn 0 level 1,get gfn 0 level 2,recycle 1'],
    [
      'children that are unlinked and stay',
      true,
      `${replacing2020}/v58Rule.ts`,
      'get gfn 1 level 2,hold gfn 0 level 3,link 2[0] to 1,zap 2',
    ],
    [
      'children that go whoever else links them',
      true,
      `${replacing2020}/parentsUntested.ts`,
      'hold gfn 1 level 3,hold gfn 0 level 3,get gfn 0 level 2,link 1[0] to 3,link 2[0] to 3,zap 2',
    ],
  ])('are noticed to differ: %s', (_, nested, file, shrunk) => {
    const found = check(nested, [file]);
    expect(found.failed).toBe(true);
    expect(`${found.counterexample?.[0]}`).toBe(shrunk);
  });
});
