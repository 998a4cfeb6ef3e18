/**
 * Patches written for these tests: the rule of 2020 judged without its mail, and the choice of an era.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPatch } from '../../patches/index.ts';
import { judgePatch } from './judgePatch.ts';
import { placePatch } from './surroundings.ts';
import { flushOfBoth, obsoleteIf, orphansGo } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-own-'));
async function judge(text: string, era: string | null) {
  const file = join(folder, 'own.patch');
  writeFileSync(file, text);
  const { report } = await judgePatch({ file, preset: 'small', era });
  const by = (pick: (run: (typeof report.runs)[number]) => readonly string[]) =>
    Object.fromEntries(report.runs.flatMap((run) => (pick(run).length === 0 ? [] : [[run.scenario, pick(run)]])));
  return { ...report, violatedIn: by((run) => run.violated.map(({ id }) => id)), mendedIn: by((run) => run.mended) };
}

describe('the rule of 2020 in other words', () => {
  it('holds where only children of nested guests go, and mends the leak', async () => {
    const report = await judge(orphansGo('child->role.guest_mode && !child->parent_ptes.val'), '2020');
    expect([report.verdict, report.violatedIn, report.notModelled, report.notExercised]).toEqual(['holds', {}, [], []]);
    expect(report.mendedIn).toEqual({ '3.2-A': ['I-28'], '3.2-A-running': ['I-28'] });
  });

  it.each([
    ['every child without a parent', '!child->parent_ptes.val', { '3.2-B': ['I-37'], '3.2-B-shadow': ['I-37'] }],
    ['children that others link', 'child->role.guest_mode', { '3.2-D': ['I-37'] }],
  ])('takes too much: %s', async (_, doomed, violated) => {
    const report = await judge(orphansGo(doomed), '2020');
    expect([report.verdict, report.violatedIn]).toEqual(['violated', violated]);
  });
});

describe('the choice of an era', () => {
  const placed = async (text: string, era: string | null = null) => placePatch(await readPatch('own.patch', text), 'small', era);

  it('is made where one fits', async () => {
    const { eras, rivals, leftOut } = await placed(orphansGo('child->role.guest_mode'));
    expect([eras, rivals, leftOut.map(({ scenario }) => scenario.name)]).toEqual([['2020'], [], ['3.2 C']]);
  });

  it('is none where several are the same code: all of their scenarios are run', async () => {
    const { eras, rivals, placed: where } = await placed(obsoleteIf('sp->mmu_valid_gen != kvm->arch.mmu_valid_gen'));
    expect([eras, rivals]).toEqual([['2021', '2020', '2013'], []]);
    expect(new Set(where.map(({ scenario }) => scenario.era)).size).toBe(3);
  });

  it('is left to the user where several fit in other code', async () => {
    const text = flushOfBoth();
    const { rivals } = await placed(text);
    expect(rivals.length).toBeGreaterThan(0);
    const report = await judge(text, null);
    expect([report.verdict, report.runs]).toEqual(['ambiguous', []]);
    expect((await placed(text, '2020')).rivals).toEqual([]);
  });
});
