/**
 * Patches on a small tree that is written for these tests: what they change in the middle of functions is judged.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { replay } from '../replayTrace.ts';
import type { EarlyViolation } from './judgement.ts';
import { judgeTree } from './judgeTree.ts';
import { edit, git, mmuPath, mmuText, treeFolder } from './testingTree.ts';

const diffOf = (before: string, after: string, path = mmuPath): string =>
  `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 }).replace(/^=+\n/, '')}`;
const mail = (subject: string, diff: string): string =>
  `From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: Nobody <nobody@example.org>\nSubject: ${subject}\n\nWhy.\n---\n${diff}-- \n2.39.5\n\n`;
let files = 0;
const fileWith = (text: string): string => {
  const path = join(treeFolder({}, 'mmucheck-tree-'), `patch-${files++}.txt`);
  writeFileSync(path, text);
  return path;
};
interface More {
  readonly base?: string;
  readonly range?: string;
  readonly era?: null;
  readonly bind?: string;
  readonly scenarios?: readonly string[];
  readonly onViolated?: (found: EarlyViolation) => void;
}
const judge = async (texts: readonly string[], tree = treeFolder(), more: More = {}) => {
  const request = {
    preset: 'small',
    files: texts.map(fileWith),
    tree,
    base: more.base ?? null,
    range: more.range ?? null,
    bind: more.bind ?? null,
    era: more.era === null ? null : '2021',
    // Two of the era's: one that is small, and one with a zapper beside the vCPU. All of them take half a minute for each patch.
    scenarios: more.scenarios ?? ['3.3-A', '3.3-B'],
    ...(more.onViolated === undefined ? {} : { onViolated: more.onViolated }),
  } as const;
  return (await judgeTree(request)).report;
};
const changesIn = (report: Awaited<ReturnType<typeof judge>>, change: string): string[] => [
  ...new Set(report.runs.flatMap(({ properties }) => properties.flatMap((each) => (each.change === change ? [each.id] : [])))),
];

const previous = 'hpa_t hpa = mmu->prev_roots[slot].hpa;';
const broken = edit(mmuText, previous, 'hpa_t hpa = mmu->root.hpa;');
const reworded = edit(mmuText, 'No root is never\n\t * an obsolete one.', 'What is no root\n\t * is not obsolete.');

// Seconds of work each; a loaded machine may take minutes.
describe('a patch on a tree', { timeout: 300_000 }, () => {
  it('is not exercised where no machine comes to what it changes, and none could take it', async () => {
    const found = '\treturn is_obsolete_sp(kvm, page);';
    const old = edit(mmuText, found, `\tif (is_tdp_mmu_page(page))\n\t\treturn ask_somebody(kvm, page, false);\n${found}`);
    const tree = treeFolder({ [mmuPath]: old });
    const line = old.split('\n').findIndex((text) => text.includes('ask_somebody')) + 1;
    const changed = await judge([diffOf(old, edit(old, 'page, false)', 'page, true)'))], tree, { scenarios: ['3.3-B'] });
    expect([changed.verdict, changed.notExercised.map((one) => one.line)]).toEqual(['notExercised', [line]]);
    const removed = await judge([diffOf(old, edit(old, '\t\treturn ask_somebody(kvm, page, false);\n', '\t\treturn true;\n'))], tree, {
      scenarios: ['3.3-B'],
    });
    expect(removed.verdict).toBe('notExercised');
    const gone = await judge([diffOf(old, mmuText)], tree, { scenarios: ['3.3-B'] });
    expect(gone.notExercised.map(({ what }) => what)).toContainEqual(expect.stringContaining('taken away'));
  });

  it('that changes a line in the middle of a function breaks what that line was for', async () => {
    const told: EarlyViolation[] = [];
    const report = await judge([diffOf(mmuText, broken)], treeFolder(), { onViolated: (found) => told.push(found) });
    expect(report.verdict).toBe('violated');
    expect(changesIn(report, 'breaks')).toEqual(expect.arrayContaining(['I-10', 'I-36']));
    // Whichever was run first, the report has them in its order, and says what was told before it was there.
    expect(report.runs.map(({ scenario }) => scenario)).toEqual(['3.3-A', '3.3-B']);
    const found = report.runs.flatMap(({ scenario, violated }) => violated.map(({ id }) => `${scenario} ${id}`));
    expect(told.map(({ scenario, id }) => `${scenario} ${id}`).sort()).toEqual(found.sort());
    expect(new Set(told.map(({ done, total }) => `${done} of ${total}`))).toEqual(new Set(['1 of 2', '2 of 2']));
    expect(report.tree).toMatchObject({ version: null, revision: null });
    expect(report.selected).toEqual({ scenarios: ['3.3-A', '3.3-B'], others: expect.arrayContaining(['3.3-C', '3.3-D']) });
    expect(report.hunks.map(({ parts }) => parts.map(({ kind, name }) => [kind, name]))).toEqual([
      [['checked', '__kvm_mmu_free_obsolete_roots()']],
    ]);
    const run = report.runs.find(({ scenario }) => scenario === '3.3-B');
    expect(run?.costs).toMatchObject([{ id: 'I-36', before: { value: 0 }, after: { value: 1 }, bound: 0 }]);
    const parting = run?.partings.find(({ property }) => property === 'I-10');
    const line = broken.split('\n').indexOf('\t\thpa_t hpa = mmu->root.hpa;') + 1;
    // Each side is quoted with its own line of the tree.
    expect(parting).toMatchObject({
      of: 'patched',
      bViolatesHere: false,
      parting: { first: { a: { file: mmuPath, line, source: 'hpa_t hpa = mmu->root.hpa;' }, b: { line, source: previous } } },
    });
    expect(report.traces.find(({ property }) => property.id === 'I-10')?.parting).toMatchObject({
      from: 'the code without the patch',
      step: parting?.parting?.step,
      violates: false,
    });
    const positions = report.traces.flatMap(({ steps }) =>
      steps.flatMap(({ statements }) => statements.filter((each) => each.change === 'added')),
    );
    expect(new Set(positions.map((each) => `${each.file}:${each.line}`))).toEqual(new Set([`${mmuPath}:${line}`]));
  });

  it('that changes a function that is handed another one changes those that have its text', async () => {
    const text = edit(
      edit(
        mmuText,
        'static void __kvm_mmu_free_obsolete_roots(struct kvm *kvm, struct kvm_mmu *mmu)',
        'static unsigned long roots_that(struct kvm *kvm, struct kvm_mmu *mmu, root_test test)',
      )
        .replace('if (is_obsolete_root(kvm, hpa))', 'if (test(kvm, hpa))')
        .replace('if (is_obsolete_root(kvm, mmu->root.hpa))', 'if (test(kvm, mmu->root.hpa))'),
      '\tif (which)\n',
      `\treturn which;
}

static void __kvm_mmu_free_obsolete_roots(struct kvm *kvm, struct kvm_mmu *mmu)
{
	unsigned long which = roots_that(kvm, mmu, is_obsolete_root);

	if (which)
`,
    );
    const report = await judge([diffOf(text, edit(text, previous, 'hpa_t hpa = mmu->root.hpa;'))], treeFolder({ [mmuPath]: text }));
    expect(report.hunks.flatMap(({ parts }) => parts.map(({ kind, name, detail }) => [kind, name, detail]))).toEqual([
      ['expanded', 'roots_that()', 'into __kvm_mmu_free_obsolete_roots()'],
    ]);
    expect([report.verdict, report.notExercised]).toEqual(['violated', []]);
    expect(changesIn(report, 'breaks')).toEqual(expect.arrayContaining(['I-10', 'I-36']));
  });

  it('leaves traces that can be taken again: of a series, on the patch that they are of', async () => {
    const request = {
      preset: 'small',
      files: [diffOf(mmuText, broken), diffOf(broken, mmuText)].map(fileWith),
      tree: treeFolder(),
      base: null,
      range: null,
      era: '2021',
      scenarios: ['3.3-B'],
    } as const;
    const { report } = await judgeTree(request);
    const [trace] = report.traces;
    if (trace === undefined) throw new Error('nothing was violated');
    expect(await replay('t.json', trace, { series: request })).toMatchObject({ stillViolates: true, sameModel: true });
    const repaired = { ...request, files: [fileWith(diffOf(mmuText, reworded))] };
    expect(await replay('t.json', trace, { series: repaired })).toMatchObject({ stillViolates: false });
    await expect(replay('t.json', trace)).rejects.toThrow('give that with --patch');
  });

  it('that only takes lines out of a function is judged, not ignored', async () => {
    const without = edit(mmuText, '\tif (is_obsolete_root(kvm, mmu->root.hpa))\n\t\twhich |= KVM_MMU_ROOT_CURRENT;\n', '');
    const report = await judge([diffOf(mmuText, without)]);
    expect([report.verdict, changesIn(report, 'breaks')]).toEqual(['violated', expect.arrayContaining(['I-04'])]);
    expect(report.hunks.flatMap(({ parts }) => parts.map(({ kind }) => kind))).toEqual(['checked']);
  });

  it('that is the inverse of one that breaks something fixes it', async () => {
    const report = await judge([diffOf(broken, mmuText)], treeFolder({ [mmuPath]: broken }));
    expect([report.verdict, changesIn(report, 'breaks')]).toEqual(['holds', []]);
    expect(changesIn(report, 'fixes')).toEqual(expect.arrayContaining(['I-10', 'I-36']));
    // The counterexamples are those of the tree as it was.
    expect(report.runs.flatMap(({ partings }) => partings.map(({ of, bViolatesHere }) => [of, bViolatesHere]))).toContainEqual([
      'without',
      false,
    ]);
    expect(report.runs.flatMap(({ costs }) => costs)).toContainEqual(
      expect.objectContaining({ id: 'I-36', before: { value: 1, exact: true }, after: { value: 0, exact: true } }),
    );
  });

  it('that changes two lines of a comment is ignorable, and nothing is run', async () => {
    const report = await judge([diffOf(mmuText, reworded)]);
    expect([report.verdict, report.runs, report.notModelled]).toEqual(['ignorable', [], []]);
    expect(report.hunks[0]?.parts.map(({ kind, name }) => [kind, name])).toEqual([['ignorable', 'comments and blanks only']]);
  });

  it.each([
    ['a function that the model has not', 'return nr + tries;', 'return nr;', 'shrink_something()'],
    ['a declaration outside of functions', 'static int tries = 3;', 'static int tries = 4;', '`static int tries = 4;`'],
    ['a call of what nobody knows', previous, `${previous}\n\t\tfrobnicate(kvm);`, 'frobnicate'],
  ])('that changes %s is not modelled, by name', async (_what, from, to, name) => {
    const report = await judge([diffOf(mmuText, edit(mmuText, from, to))]);
    expect([report.verdict, report.runs]).toEqual(['notModelled', []]);
    expect(report.notModelled.map((each) => [each.name, each.path])).toEqual([[name, mmuPath]]);
  });

  it('that changes what is not compiled, or no part of the kernel, is ignorable', async () => {
    const unbuilt = edit(mmuText, '\treturn 0;', '\treturn 1;');
    const readme = 'tools/testing/x.c';
    const report = await judge([diffOf(mmuText, unbuilt) + diffOf('int a;\n', 'int b;\n', readme)]);
    expect(report.verdict).toBe('ignorable');
    expect(report.hunks.map(({ parts }) => parts[0]?.name)).toEqual([
      'lines that are not compiled for x86-64',
      'below tools/, no code of the kernel',
    ]);
  });

  it('of a series is judged on what those before it leave: the first that breaks something is named', async () => {
    const both = edit(reworded, previous, 'hpa_t hpa = mmu->root.hpa;');
    const series = [
      mail('[PATCH 0/3] x: Roots', ''),
      mail('[PATCH 3/3] x: Mend it again', diffOf(both, reworded)),
      mail('[PATCH 1/3] x: Say it otherwise', diffOf(mmuText, reworded)),
      mail('[PATCH 2/3] x: Save a load', diffOf(reworded, both)),
    ].join('');
    const report = await judge([series]);
    expect(report.series.map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ['[PATCH 1/3] x: Say it otherwise', 'ignorable'],
      ['[PATCH 2/3] x: Save a load', 'violated'],
      ['[PATCH 3/3] x: Mend it again', 'holds'],
    ]);
    expect([report.subject, report.verdict]).toEqual(['[PATCH 2/3] x: Save a load', 'violated']);
  });

  it('of a series may add a function that the next one calls: what nobody calls does nothing, and is judged with its first caller', async () => {
    const helper = 'static bool has_root(hpa_t hpa)\n{\n\treturn hpa != INVALID_PAGE;\n}\n\n';
    const added = mmuText.replace('static void __kvm_mmu_free', `${helper}static void __kvm_mmu_free`);
    const wrong = added.replace('hpa != INVALID_PAGE', 'hpa == INVALID_PAGE');
    const used = (text: string) =>
      edit(text, 'if (is_obsolete_root(kvm, mmu->root.hpa))', 'if (has_root(mmu->root.hpa) && is_obsolete_root(kvm, mmu->root.hpa))');
    const seriesOf = (text: string) =>
      [mail('[PATCH 1/2] x: Add it', diffOf(mmuText, text)), mail('[PATCH 2/2] x: Use it', diffOf(text, used(text)))].join('');
    const report = await judge([seriesOf(added)]);
    expect(report.series.map(({ verdict }) => verdict)).toEqual(['ignorable', 'holds']);
    expect(report.series[0]?.hunks[0]?.parts.map(({ name }) => name)).toContain('has_root(), new, and nobody calls it');
    expect((await judge([seriesOf(wrong)])).series.map(({ verdict }) => verdict)).toEqual(['ignorable', 'violated']);
  });

  it('may be commits of a git tree, whose files are those of a revision', async () => {
    const tree = treeFolder();
    const commit = (text: string, message: string): string => {
      writeFileSync(join(tree, mmuPath), text);
      git(tree, 'add', '.');
      git(tree, 'commit', '-qm', message);
      return git(tree, 'rev-parse', 'HEAD').trim();
    };
    git(tree, 'init', '-q');
    const first = commit(mmuText, 'The tree');
    commit(reworded, 'Words');
    const last = commit(edit(reworded, previous, 'hpa_t hpa = mmu->root.hpa;'), 'Save a load');
    const range = await judge([], tree, { range: `${first}..HEAD` });
    expect(range.series.map(({ file, subject, verdict }) => [file, subject, verdict])).toEqual([
      [expect.stringMatching(/^[0-9a-f]{12}$/), 'Words', 'ignorable'],
      [last.slice(0, 12), 'Save a load', 'violated'],
    ]);
    expect(range.tree?.revision).toBe(first.slice(0, 12));
    // The work tree is broken by now; the patch is for the first commit.
    const based = await judge([diffOf(mmuText, reworded)], tree, { base: first });
    expect([based.verdict, based.tree?.revision]).toEqual(['ignorable', first]);
    await expect(judge([diffOf(mmuText, reworded)], tree)).rejects.toThrow('the patch is applied in this tree');
  });

  it('whose names are bound by the user is judged: what is lacking says how', async () => {
    const text = [diffOf(mmuText, edit(mmuText, previous, `${previous}\n\t\tfrobnicate(kvm);`))];
    const without = await judge(text);
    expect(without.notModelled[0]?.why).toMatch(
      /^is no function .* \(in __kvm_mmu_free_obsolete_roots\(\)\): bind it under "calls" or "meanings", or/,
    );
    const bind = fileWith('{ "ignorableCalls": ["frobnicate"] }');
    const bound = await judge(text, treeFolder(), { bind, scenarios: ['3.3-B'] });
    expect([bound.verdict, bound.notModelled]).toEqual(['holds', []]);
    await expect(judge(text, treeFolder(), { bind: fileWith('{ "calls": 1 }') })).rejects.toThrow('is no file of bindings');
  });

  it('that changes a macro changes the functions that it is expanded into', async () => {
    const define = '/* Where a root is. */\n#define ROOT_IN(_mmu, _slot) \\\n\t((_mmu)->prev_roots[_slot].hpa)\n';
    const using = edit(
      edit(mmuText, previous, 'hpa_t hpa = ROOT_IN(mmu, slot);'),
      'static int tries = 3;\n',
      `static int tries = 3;\n\n${define}`,
    );
    // The line with the name stays as it is.
    const changed = edit(using, '((_mmu)->prev_roots[_slot].hpa)', '((_mmu)->root.hpa)');
    const report = await judge([diffOf(using, changed)], treeFolder({ [mmuPath]: using }));
    expect([report.verdict, changesIn(report, 'breaks')]).toEqual(['violated', expect.arrayContaining(['I-10', 'I-36'])]);
    expect(report.hunks.flatMap(({ parts }) => parts.map(({ kind, name, detail }) => [kind, name, detail]))).toEqual([
      ['expanded', 'ROOT_IN', 'into __kvm_mmu_free_obsolete_roots()'],
    ]);
    const unused = edit(mmuText, 'static int tries = 3;\n', `static int tries = 3;\n\n${define}`);
    const quiet = await judge([diffOf(unused, edit(unused, '_slot].hpa)', '_slot + 0].hpa)'))], treeFolder({ [mmuPath]: unused }));
    expect([quiet.verdict, quiet.hunks[0]?.parts[0]?.name]).toEqual(['ignorable', 'macro ROOT_IN, which no function uses']);
  });

  it('that takes away what was never run does not hold', async () => {
    const guarded = edit(
      mmuText,
      '\tif (!page)\n\t\treturn true;\n',
      '\tif (!page)\n\t\treturn true;\n\tif (page->root_count > 100)\n\t\treturn true;\n',
    );
    const { verdict, notExercised } = await judge([diffOf(guarded, mmuText)], treeFolder({ [mmuPath]: guarded }), { scenarios: ['3.3-B'] });
    expect([verdict, notExercised.map(({ what }) => what)]).toEqual([
      'notExercised',
      [
        'taken away, and before that condition never true (in is_obsolete_root())',
        'taken away, and before that never executed (in is_obsolete_root())',
      ],
    ]);
  });

  it('that changes where a jump goes is judged only where the jump is run', async () => {
    const last = '\t\t\twhich |= KVM_MMU_ROOT_PREVIOUS(slot);\n';
    const never = edit(mmuText, last, `${last}\t\tif (slot > 99)\n\t\t\tcontinue;\n`);
    const told = async (before: string, after: string) => {
      const { verdict, notExercised } = await judge([diffOf(before, after)], treeFolder({ [mmuPath]: before }), { scenarios: ['3.3-B'] });
      return [verdict, ...notExercised.map(({ what }) => what)];
    };
    expect(await told(never, edit(never, '\t\t\tcontinue;', '\t\t\tbreak;'))).toEqual([
      'notExercised',
      'never executed (in __kvm_mmu_free_obsolete_roots())',
    ]);
    expect(await told(mmuText, edit(mmuText, last, `${last}\t\tcontinue;\n`))).toEqual(['holds']);
  });

  it('that changes a number which the model scales is told what it decides, and why that is not judged', async () => {
    const define = '#define KVM_MMU_NUM_PREV_ROOTS 3\n';
    const sized = edit(mmuText, 'static int tries = 3;\n', `static int tries = 3;\n\n${define}`);
    const to = (body: string): Promise<Awaited<ReturnType<typeof judge>>> =>
      judge([diffOf(sized, edit(sized, define, `#define KVM_MMU_NUM_PREV_ROOTS ${body}\n`))], treeFolder({ [mmuPath]: sized }), {
        scenarios: ['3.3-B'],
      });
    const more = await to('5');
    expect([more.verdict, more.notModelled.map(({ name }) => name)]).toEqual(['notModelled', ['KVM_MMU_NUM_PREV_ROOTS']]);
    expect(more.notModelled[0]?.why).toMatch(
      /^is a size that the model scales: in the tree 3 becomes 5, in the model it is \d before and after, so no run tells them apart\. It decides how many roots/,
    );
    expect((await to('(0x3U) /* of each MMU */')).verdict).toBe('ignorable');
  });

  it('that changes functions of both machines is judged in the scenarios of each, and holds only if all of it ran', async () => {
    const path = 'arch/x86/kvm/mmu/tdp_mmu.c';
    const tdp = `#include "tdp_mmu.h"

void kvm_tdp_mmu_invalidate_all_roots(struct kvm *kvm)
{
	struct kvm_mmu_page *each;

	list_for_each_entry(each, &kvm->arch.tdp_mmu_roots, link) {
		if (each->role.invalid)
			continue;
		each->tdp_mmu_scheduled_root_to_zap = true;
		each->role.invalid = true;
	}
}
`;
    const tree = treeFolder({ [mmuPath]: mmuText, [path]: tdp });
    const both =
      diffOf(mmuText, edit(mmuText, 'unsigned long which = 0;', 'unsigned long which = 0UL;')) +
      diffOf(tdp, edit(tdp, 'each->role.invalid = true;', 'each->role.invalid = 1;'), path);
    const inBoth = await judge([both], tree, { era: null, scenarios: ['3.3-B', '2.12'] });
    expect([inBoth.verdict, inBoth.runs.map(({ scenario }) => scenario).sort()]).toEqual(['holds', ['2.12', '3.3-B']]);
    expect(inBoth.hunks.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual([['checked'], ['checked']]);
    const inOne = await judge([both], tree, { era: null, scenarios: ['3.3-B'] });
    expect([inOne.verdict, inOne.notModelled.map(({ name }) => name)]).toEqual(['notModelled', ['kvm_tdp_mmu_invalidate_all_roots()']]);
  });

  it('that does not apply is refused with the place where it nearly does', async () => {
    const other = edit(mmuText, 'int slot;', 'int number;');
    await expect(judge([diffOf(edit(other, previous, 'hpa_t hpa = 0;'), broken)])).rejects.toThrow(
      /^patch-\d+\.txt:\d+: hunk 1 does not apply to arch\/x86\/kvm\/mmu\/mmu\.c: nearest at line \d+, where \d of \d+ lines differ: at line \d+ the tree has `/,
    );
  });
});
