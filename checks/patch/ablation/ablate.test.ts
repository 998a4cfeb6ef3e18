/** Each piece of a patch reverted on its own: of patches on a small tree. The mails are in ablateMails.slow.test.ts. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import type { Ablation, PatchReport } from '../../results.ts';
import { judgeTree } from '../judgeTree.ts';
import { edit, mmuPath, mmuText, treeFolder } from '../testingTree.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-ablate-'));
const previous = 'hpa_t hpa = mmu->prev_roots[slot].hpa;';
const broken = edit(mmuText, previous, 'hpa_t hpa = mmu->root.hpa;');
/** Mends it, and adds what makes no difference. */
const mended = edit(mmuText, '\tif (which)\n', '\tif (!which)\n\t\treturn;\n\n\tif (which)\n');

async function ablated(before: string, after: string, seconds: number): Promise<PatchReport> {
  const file = join(folder, 'a.patch');
  const diff = createTwoFilesPatch(`a/${mmuPath}`, `b/${mmuPath}`, before, after, '', '', { context: 3 }).replace(/^=+\n/, '');
  writeFileSync(file, `diff --git a/${mmuPath} b/${mmuPath}\n${diff}`);
  const { report } = await judgeTree({
    preset: 'small',
    files: [file],
    tree: treeFolder({ [mmuPath]: before }),
    base: null,
    range: null,
    era: '2021',
    scenarios: ['3.3-B'],
    ablateMs: seconds * 1000,
  });
  return report;
}
const told = (ablation: Ablation | undefined) =>
  (ablation?.pieces ?? []).map(({ kind, text, verdict, effects }) => {
    const ids = effects.filter(({ effect }) => effect === verdict).map(({ id }) => id);
    return `${kind} ${text}: ${[verdict, ...new Set(ids)].join(' ')}`;
  });

describe('pieces of a patch on a tree', { timeout: 300_000 }, () => {
  it('carry the fix, or make no difference, each by its verdicts', async () => {
    const { verdict, ablation } = await ablated(broken, mended, 600);
    expect(verdict).toBe('holds');
    expect(told(ablation)).toEqual([
      expect.stringMatching(/^hunk hpa_t hpa = .*: fix I-10 I-36$/),
      'hunk if (!which) return;: nothing',
      // The `if` keeps an empty statement: else it would guard the next one.
      'statement return;: nothing',
    ]);
    expect(ablation?.pieces.every(({ leftOut }) => leftOut.length === 0)).toBe(true);
  });

  it('carry the defect, where it goes with them', async () => {
    const { verdict, ablation } = await ablated(mmuText, broken, 600);
    expect(verdict).toBe('violated');
    expect(told(ablation)).toEqual([expect.stringMatching(/^hunk hpa_t hpa = mmu->root\.hpa;: defect I-10 I-36$/)]);
  });

  it('are not tried where there is no time, and that is not: no difference', async () => {
    const { verdict, ablation } = await ablated(mmuText, broken, 0);
    expect(verdict).toBe('violated');
    expect(ablation?.pieces.map(({ verdict: one, leftOut }) => [one, leftOut])).toEqual([['notTried', ['3.3-B']]]);
  });

  it('are not judged where what is left cannot be lowered', async () => {
    const renamed = mmuText.replaceAll('which', 'doomed');
    const { verdict, ablation } = await ablated(mmuText, renamed, 600);
    expect(verdict).toBe('holds');
    const pieces = ablation?.pieces ?? [];
    expect(pieces.find(({ text }) => text === 'unsigned long doomed = 0;')).toMatchObject({
      verdict: 'notJudged',
      reason: expect.stringContaining('doomed'),
    });
    expect(pieces.find(({ kind }) => kind === 'hunk')).toMatchObject({ verdict: 'nothing' });
  });
});
