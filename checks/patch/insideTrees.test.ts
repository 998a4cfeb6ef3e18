/**
 * Patches in functions of real kernels that stand only inside their callers: those that are handed a function. Judged, taken apart, and their
 * traces taken again. Skipped, visibly, where MMUCHECK_TREES names no tree.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTree } from '../../patches/index.ts';
import { treeDirectories } from '../../patches/testing/trees.ts';
import { gitDiff, mailOf } from '../fuzz/texts.ts';
import { applyEdit, type Change } from '../regression/treeEdit.ts';
import { replay } from '../replayTrace.ts';
import { judgeTree } from './judgeTree.ts';

const directories = treeDirectories();
if (directories.length === 0)
  describe.skip('functions of kernel trees inside others (set MMUCHECK_TREES)', () => it('is not there', () => {}));

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-inside-'));
const common = 'virt/kvm/kvm_main.c';
const mmu = 'arch/x86/kvm/mmu/mmu.c';

/** The patch in a file, and what it is judged as. */
async function judge(directory: string, file: string, name: string, change: Change, scenario: string) {
  const edit = {
    name,
    trees: [],
    file,
    function: name,
    changes: [change],
    scenarios: [scenario],
    expected: { verdict: 'holds', why: '' },
  } as const;
  const { before, after } = applyEdit(readTree(directory), edit);
  const path = join(folder, `${basename(directory)}-${name}.patch`);
  writeFileSync(path, mailOf('[PATCH] x', gitDiff(before, after, file)));
  const series = { files: [path], tree: directory, base: null, range: null } as const;
  const { report } = await judgeTree({ preset: 'small', ...series, era: null, scenarios: [scenario], ablateMs: 200_000 });
  return { report, series };
}

describe.each(directories.map((directory) => [basename(directory), directory] as const))('%s', { timeout: 600_000 }, (_, directory) => {
  it('calls of what it was handed: without that of on_lock no invalidation begins', async () => {
    const change = { delete: 'if \\(!IS_KVM_NULL_FN\\(range->on_lock' };
    const { report, series } = await judge(directory, common, '__kvm_handle_hva_range', change, '3.5-A');
    expect([report.verdict, report.notModelled]).toEqual(['violated', []]);
    expect(report.hunks.flatMap(({ parts }) => parts.map(({ kind, name }) => [kind, name]))).toEqual([
      ['expanded', '__kvm_handle_hva_range()'],
    ]);
    // On 6.1 the handler takes the range along: without it the model's, which takes none, would be violated by I-41.
    expect(report.runs.flatMap(({ violated }) => violated.map(({ id }) => id))).toEqual(expect.arrayContaining(['I-06', 'I-20', 'I-29']));
    expect(report.runs.flatMap(({ alsoWithoutThePatch: also }) => also)).toEqual([]);
    expect(new Set(report.ablation?.pieces.map(({ verdict }) => verdict))).toEqual(new Set(['defect']));
    const trace = report.traces.find(({ property }) => property.id === 'I-06');
    if (trace === undefined) throw new Error('no trace of I-06');
    expect(trace.steps.some(({ statements }) => statements.some(({ file }) => file === common))).toBe(true);
    expect(await replay('x.json', trace, { series })).toMatchObject({ stillViolates: true, sameModel: true, firstDifference: null });
  });

  it('walks of rmaps, which no scenario comes to: no verdict is made up', async () => {
    const name = readTree(directory).version?.minor === 1 ? 'slot_handle_level_range' : '__walk_slot_rmaps';
    const { report } = await judge(directory, mmu, name, { delete: 'if \\(need_resched' }, '3.4-A');
    expect([report.verdict, report.runs.filter(({ verdict }) => verdict === 'violated')]).toEqual(['notModelled', []]);
  });
});
