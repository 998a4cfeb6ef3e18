/** What is violated without a patch as well: told apart from what the patch breaks and what it fixes, in the report and as text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitDiff, mailOf } from '../../checks/fuzz/texts.ts';
import { judgeTree } from '../../checks/patch/judgeTree.ts';
import { edit, mmuPath, mmuText, treeFolder } from '../../checks/patch/testingTree.ts';
import { patchText } from './patchText.ts';
import { partingLines } from './sidesText.ts';

const previous = 'hpa_t hpa = mmu->prev_roots[slot].hpa;';
/** Previous roots are kept if the current one is not obsolete. */
const violating = edit(mmuText, previous, 'hpa_t hpa = mmu->root.hpa;');
const sum = 'which |= KVM_MMU_ROOT_CURRENT;\n';

async function judge(after: string, before = violating) {
  const tree = treeFolder({ [mmuPath]: before });
  const file = join(tree, 'own.patch');
  writeFileSync(file, mailOf('[PATCH] x', gitDiff(before, after)));
  const request = { preset: 'small', files: [file], tree, base: null, range: null, era: '2021', scenarios: ['3.3-B'] } as const;
  const { report, sourceLines } = await judgeTree(request);
  const text = patchText(
    report,
    sourceLines,
    { files: [file], tree, base: null, range: null, bind: null },
    { style: (_, one) => one, width: 160 },
  );
  const ids = (change: string): string[] =>
    report.runs.flatMap(({ properties }) => properties.flatMap((each) => (each.change === change ? [each.id] : []))).sort();
  return { verdict: report.verdict, run: report.runs[0], ids, lines: text.split('\n') };
}

describe('a patch on a tree that violates something already', { timeout: 300_000 }, () => {
  it('holds where it adds nothing: what is violated on both sides is named as that', async () => {
    const { verdict, run, ids, lines } = await judge(edit(violating, sum, `${sum}\n\twhich |= 0;\n`));
    expect([verdict, ids('breaks'), ids('fixes'), ids('stays violated')]).toEqual(['holds', [], [], ['I-10', 'I-36']]);
    expect([run?.violated, run?.mended, run?.alsoWithoutThePatch, run?.partings]).toEqual([[], [], ['I-10', 'I-36'], []]);
    expect(lines.find((line) => line.startsWith('  violated -> violated'))).toContain('I-10');
    // Of one scenario, as asked: that the others were not run is said before anything else.
    expect(lines[0]).toMatch(/^HOLDS IN 3\.3-B ALONE, .*: \d+ others that it comes to were NOT RUN$/);
    expect(lines.find((line) => line.startsWith('  not run'))).toMatch(/not run +\d.*3\.3-C/);
  });

  it('is violated by what it breaks beside that', async () => {
    const { verdict, run, ids, lines } = await judge(edit(violating, sum, 'which |= 0;\n'));
    expect([verdict, ids('breaks'), ids('stays violated')]).toEqual(['violated', ['I-04'], ['I-10', 'I-36']]);
    expect(run?.violated.map(({ id }) => id)).toEqual(['I-04']);
    expect(run?.alsoWithoutThePatch).toEqual(['I-10', 'I-36']);
    expect(lines.find((line) => line.startsWith('  broken: '))).toContain('I-04');
    // The trace says what it is of, not what the variant is about that stands around it.
    const head = lines.join(' ').replace(/\s+/g, ' ');
    expect(head).toMatch(/model own\.patch on \S+: its __kvm_mmu_free_obsolete_roots\(\) among the model's procedures/);
  });

  it('has no verdict where a fault ends paths on both sides', async () => {
    const faulty = edit(mmuText, '\tif (which)\n', '\tBUG_ON(which);\n\tif (which)\n');
    const { verdict, run, ids, lines } = await judge(edit(faulty, sum, `${sum}\n\twhich |= 0;\n`), faulty);
    expect([verdict, ids('stays violated')]).toEqual(['incomplete', ['fault:bug']]);
    expect(run).toMatchObject({ verdict: 'incomplete', violated: [], alsoWithoutThePatch: ['fault:bug'] });
    expect(lines).toContain('  3.3-B: fault:bug ends paths without the patch, too: what comes behind it was not searched');
  });

  it('tells of a schedule on which only the patched code violates what both do', () => {
    const each = { property: 'I-10', of: 'patched', steps: 9, bViolatesHere: false, parting: null } as const;
    const line = (also: readonly string[]): string =>
      partingLines({ runs: [{ scenario: '3.3-B', partings: [each], alsoWithoutThePatch: [...also] }] }).join();
    expect(line([])).toMatch(/and does not violate it$/);
    expect(line(['I-10'])).toMatch(/and does not violate it, but on other schedules$/);
  });
});
