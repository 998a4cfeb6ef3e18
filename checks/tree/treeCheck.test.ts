import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { edit, mmuPath, mmuText, treeFolder } from '../patch/testingTree.ts';
import { checkTree } from './treeCheck.ts';
import { treeCheckReportSchema } from './treeCheckReport.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A leaf that is a binding, and a function whose place the model's keeps. */
const leaf = edit(
  edit(mmuText, '	if (!VALID_PAGE(root_hpa))', '	if (!VALID_PAGE(root_hpa) || kvm_mmu_is_dummy_root(root_hpa))'),
  '/* Says nothing. */',
  `static bool kvm_mmu_is_dummy_root(hpa_t shadow_page)
{
	return is_dummy(shadow_page);
}

void kvm_mmu_free_roots(struct kvm *kvm, struct kvm_mmu *mmu, unsigned long roots_to_free)
{
	free_somewhere(roots_to_free);
}
`,
);
async function check(text: string, scenarios: readonly string[], signal?: AbortSignal) {
  const folder = treeFolder({ [mmuPath]: text, Makefile: 'VERSION = 6\nPATCHLEVEL = 8\nSUBLEVEL = 0\n' });
  folders.push(folder);
  const report = await checkTree({
    directory: folder,
    bind: null,
    scenarios,
    preset: 'small',
    ...(signal === undefined ? {} : { signal }),
  });
  return treeCheckReportSchema.parse(report);
}
const verdicts = ({ runs }: Awaited<ReturnType<typeof check>>) => runs.map(({ scenario, verdict }) => [scenario, verdict]);

describe('a tree in the scenarios', () => {
  it('holds where its functions ran, and says which; where none ran it says that, and where it is not about the tree', async () => {
    const report = await check(leaf, ['3.3-B', '3.5-D', '2.6']);
    expect(verdicts(report)).toEqual([
      ['3.3-B', 'holds'],
      ['3.5-D', 'notExercised'],
      ['2.6', 'otherVersions'],
    ]);
    expect(report.version).toBe('6.8');
    expect(report.runs.map(({ ran }) => ran)).toEqual([['is_obsolete_root', '__kvm_mmu_free_obsolete_roots'], [], []]);
    expect(report.runs[0]?.standIns).toEqual(['kvm_mmu_free_roots']);
    expect(report.runs[1]?.reasons).toEqual(['none of the functions of the tree that import was run']);
    expect(report.runs[2]?.reasons).toEqual(['it is about 6.11 and later']);
    expect(report.counts).toMatchObject({ scenarios: 3, holds: 1, notExercised: 1, otherVersions: 1, functionsRun: 2, notRun: 0 });
    expect(report.standIns.map(({ name, by, scenarios }) => [name, by, scenarios])).toEqual([
      ['kvm_mmu_is_dummy_root', 'binding', ['3.3-B']],
      ['kvm_mmu_free_roots', 'model', ['3.3-B']],
    ]);
  });
  it('tells the statements that no scenario reaches, and conditions that went one way', async () => {
    const { functions, counts } = await check(mmuText, ['3.3-B']);
    const own = functions.find(({ name }) => name === 'is_obsolete_root');
    expect(own).toMatchObject({ file: mmuPath, line: 10, lastLine: 25, scenarios: ['3.3-B'] });
    // No root of that scenario is without a shadow page.
    expect(own?.notReached).toEqual([{ line: 23, behindWarning: false }]);
    expect(own?.oneSided).toEqual([{ line: 22, never: 'true' }]);
    expect(counts.linesReached).toBe(counts.lines - 1);
  });
  it('finds a defect of the tree, which the model of its version has not', async () => {
    const { runs, traces } = await check(edit(mmuText, 'mmu->prev_roots[slot].hpa;', 'mmu->root.hpa;'), ['3.3-B']);
    expect(runs.map(({ verdict, violated }) => [verdict, violated.map(({ id, known }) => [id, known])])).toEqual([
      [
        'violated',
        [
          ['I-10', false],
          ['I-36', false],
        ],
      ],
    ]);
    expect(traces.map(({ property, scenario }) => [property.id, scenario])).toEqual([
      ['I-10', '3.3-B'],
      ['I-36', '3.3-B'],
    ]);
  });
  it('says what was not run', async () => {
    const stopped = AbortSignal.abort();
    const report = await check(mmuText, ['3.3-B', '3.3-C'], stopped);
    expect(report.runs).toEqual([]);
    expect(report.counts).toMatchObject({ scenarios: 2, notRun: 2, holds: 0 });
  });
  it('refuses what is no tree, and scenarios that there are not', async () => {
    await expect(checkTree({ directory: '/nowhere', bind: null, scenarios: [], preset: 'small' })).rejects.toThrow('/nowhere');
    await expect(check(mmuText, ['3.3-Q'])).rejects.toThrow('3.3-Q');
  });
});
