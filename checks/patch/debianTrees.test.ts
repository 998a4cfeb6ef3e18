/**
 * Edits in the middle of functions of real kernels, made at run time: what breaks is said, and the inverse is clean. The trees lie outside the
 * repository (MMUCHECK_TREES: the folder of linux-source-6.1 and 6.12), and nothing of them is copied into it.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitDiff, mailOf, treeFolders } from '../fuzz/texts.ts';
import { judgeTree } from './judgeTree.ts';
import { edit, mmuPath } from './testingTree.ts';

const folders = treeFolders();
const skipped = folders.length === 0 ? ' (skipped: MMUCHECK_TREES names no folder with kernel trees)' : '';
const scratch = mkdtempSync(join(tmpdir(), 'mmucheck-debian-'));
/** Enough scenarios to tell, and few enough for a test; the command line runs all. */
const judge = async (tree: string, texts: readonly string[], scenarios: readonly string[]) => {
  const file = join(scratch, 'own.patch');
  // Each text is what a patch makes of the one before it.
  writeFileSync(
    file,
    texts
      .slice(1)
      .map((text, index) => mailOf(`[PATCH ${index + 1}/${texts.length - 1}] x`, gitDiff(texts[index] ?? '', text)))
      .join(''),
  );
  return (await judgeTree({ preset: 'small', files: [file], tree, base: null, range: null, era: null, scenarios })).report;
};
type Report = Awaited<ReturnType<typeof judge>>;
const changed = ({ runs }: Pick<Report, 'runs'>, change: string): string[] => [
  ...new Set(runs.flatMap(({ properties }) => properties.flatMap((each) => (each.change === change ? [each.id] : [])))),
];

interface Breaking {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly scenarios: readonly string[];
  readonly breaks: readonly string[];
}
const breaking: readonly Breaking[] = [
  {
    what: '__kvm_mmu_free_obsolete_roots() asks about the current root in its loop',
    from: 'is_obsolete_root(kvm, mmu->prev_roots[i].hpa)',
    to: 'is_obsolete_root(kvm, mmu->root.hpa)',
    scenarios: ['3.3-B', '3.3-E-cached'],
    breaks: ['I-10', 'I-36'],
  },
  {
    what: 'is_obsolete_sp() lets invalid pages pass',
    from: 'if (sp->role.invalid)\n\t\treturn true;\n\n\t/* TDP MMU pages',
    to: 'if (sp->role.invalid)\n\t\treturn false;\n\n\t/* TDP MMU pages',
    scenarios: ['3.3-B', '3.3-E'],
    breaks: ['I-04', 'I-10'],
  },
  {
    what: 'kvm_zap_obsolete_pages() stops at the first page that is obsolete',
    from: 'if (!is_obsolete_sp(kvm, sp))\n\t\t\tbreak;',
    to: 'if (is_obsolete_sp(kvm, sp))\n\t\t\tbreak;',
    scenarios: ['3.1-C'],
    breaks: ['I-30'],
  },
];

describe.skipIf(folders.length === 0)(`real trees${skipped}`, { timeout: 600_000 }, () => {
  describe.each(folders.map((folder) => ({ folder, name: basename(folder) })))('$name', ({ folder }) => {
    const own = readFileSync(join(folder, mmuPath), 'utf8');

    it.each(breaking)('$what: violated, and the inverse is clean', async ({ from, to, scenarios, breaks }) => {
      const broken = edit(own, from, to);
      const report = await judge(folder, [own, broken, own], scenarios);
      const [there, back] = report.series;
      if (there === undefined || back === undefined) throw new Error('two patches have two reports');
      expect([there.verdict, report.subject]).toEqual(['violated', '[PATCH 1/2] x']);
      expect(changed(there, 'breaks')).toEqual(expect.arrayContaining([...breaks]));
      expect(there.traces[0]?.steps.some(({ statements }) => statements.some(({ file }) => file === mmuPath))).toBe(true);
      expect(changed(back, 'fixes')).toEqual(expect.arrayContaining([...breaks]));
      expect([back.notModelled, changed(back, 'stays violated')]).toEqual([[], []]);
    });

    it('two lines of a comment: ignorable', async () => {
      const at = own.indexOf('\t\t * Invalid pages should never land back');
      const end = own.indexOf('\n', own.indexOf('\n', at) + 1);
      const report = await judge(folder, [own, `${own.slice(0, at)}\t\t * Words.\n\t\t * More words.${own.slice(end)}`], ['3.1-C']);
      expect([report.verdict, report.hunks.map(({ parts }) => parts.map(({ kind }) => kind))]).toEqual(['ignorable', [['ignorable']]]);
    });

    it('a function that the model has not: not modelled, by its name', async () => {
      const report = await judge(folder, [own, edit(own, 'wf = pfec & PFERR_WRITE_MASK;', 'wf = !(pfec & PFERR_WRITE_MASK);')], ['3.1-C']);
      expect([report.verdict, report.runs]).toEqual(['notModelled', []]);
      expect(report.notModelled.map((each) => [each.name, each.path])).toEqual([['update_pkru_bitmask()', mmuPath]]);
    });
  });
});
