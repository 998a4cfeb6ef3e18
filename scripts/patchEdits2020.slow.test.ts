/**
 * The patch of July 2020, quoted in a review and with lines lost, edited at run time as a person would.
 */
import { describe, expect, it } from 'vitest';
import { edited, haveSeeds, seed } from '../patches/testing/seeds.ts';
import { judgeText } from './testing/judgeText.ts';

type Edit = readonly [from: string, to: string];
const mail = (): string => seed('recursion2020').text;
const withEdits = (edits: readonly Edit[]): string => edits.reduce((text, [from, to]) => edited(text, from, to), mail());
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
/** The era is said, since looking through all of them takes as long as the runs; the first test finds it out. */
async function judge(edits: readonly Edit[], options: readonly string[] = ['--era', '2020']) {
  const report = await judgeText(withEdits(edits), ...options);
  const by = (pick: (run: (typeof report.runs)[number]) => readonly string[]) =>
    Object.fromEntries(report.runs.flatMap((run) => (pick(run).length === 0 ? [] : [[run.scenario, pick(run)]])));
  return {
    ...report,
    violatedIn: by((run) => run.violated.map(({ id }) => id)),
    mendedIn: by((run) => run.mended),
  };
}

const parentless = '> + if (!child_sp->parent_ptes.val)';
/** What the review asked for. */
const nestedOnly: Edit = [parentless, '> + if (child_sp->role.guest_mode && !child_sp->parent_ptes.val)'];

describe.skipIf(!haveSeeds)('the 2020 patch, out of the review that quotes it', () => {
  it('as posted: mends the leak of 3.2 A, and recycling takes too much in 3.2 B', async () => {
    const report = await judge([], []);
    expect([report.exitCode, report.verdict, report.era, report.notModelled]).toEqual([1, 'violated', '2020', []]);
    expect(report.violatedIn).toEqual({ '3.2-B': ['I-37'] });
    expect(report.mendedIn).toEqual({ '3.2-A': ['I-28'], '3.2-A-running': ['I-28'] });
    expect(report.notExercised).toEqual([]);
    expect([...new Set(report.runs.map((run) => [run.surroundings, run.reference].join()))]).toEqual(['posted,v5.8']);
  });

  it('says at the top that lines are lost, and why that does not matter here', async () => {
    const { lost, hunks } = await judge([]);
    expect(lost.map(({ hunk, missing, of }) => [hunk, missing, of])).toEqual([
      [1, 3, 52],
      [2, 1, 7],
    ]);
    const parts = hunks.flatMap((hunk) => hunk.parts.map(({ kind, name, detail }) => ({ kind, name, detail })));
    expect(parts.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'checked kvm_mmu_page_unlink_children()',
      'stoodIn __kvm_mmu_prepare_zap_page()',
      'stoodIn __kvm_mmu_prepare_zap_page()',
    ]);
    expect(parts[0]?.detail).toContain('3 lines of the hunk are missing');
  });

  it('with what the review asked for: holds, and still mends the leak', async () => {
    const report = await judge([nestedOnly]);
    expect([report.exitCode, report.violatedIn, report.notExercised]).toEqual([0, {}, []]);
    expect(report.mendedIn).toEqual({ '3.2-A': ['I-28'], '3.2-A-running': ['I-28'] });
  });

  it('other names, another loop, other spellings: the same', async () => {
    const report = await judge([
      nestedOnly,
      ['> + for (i = 0; i < PT64_ENT_PER_PAGE; ++i) {', '> + for (i = 0; i != SPTE_ENT_PER_PAGE; i++) {'],
      ['> + u64 *sptep = sp->spt + i;', '> + u64 *sptep = &sp->spt[i];'],
      ['> + child_sp = to_shadow_page(spte & PT64_BASE_ADDR_MASK);', '> + child_sp = page_header(spte & SPTE_BASE_ADDR_MASK);'],
    ]);
    expect([report.exitCode, report.violatedIn]).toEqual([0, {}]);
  });

  it.each<[string, Edit[], Record<string, string[]>]>([
    ['a child that another table links goes, too', [[parentless, '> + if (child_sp->role.guest_mode)']], { '3.2-D': ['I-37'] }],
    [
      'without the test for TDP: shadow paging loses what it would find again',
      [['> + if (!tdp_enabled)\n> + continue;\n', '> +\n> +\n']],
      { '3.2-B': ['I-37'], '3.2-B-shadow': ['I-37'] },
    ],
  ])('%s', async (_, edits, violated) => {
    const report = await judge(edits);
    expect([report.exitCode, report.violatedIn]).toEqual([1, violated]);
  });

  it('a warning that can fire', async () => {
    const report = await judge([['> + if (WARN_ON_ONCE(!child_sp))', '> + if (WARN_ON_ONCE(child_sp))']]);
    expect([report.exitCode, report.violatedIds.includes('WARN')]).toEqual([1, true]);
  });

  it.each<[string, Edit, string]>([
    ['an unknown helper', [parentless, '> + if (may_reap(child_sp))'], 'may_reap is no function that the model has'],
    [
      'a partial hunk that counts otherwise',
      ['> + *nr_zapped += kvm_mmu', '> + *nr_zapped -= kvm_mmu'],
      'is not what __kvm_mmu_prepare_zap_page of the model does there',
    ],
    ['one added line lost', ['> + if (WARN_ON_ONCE(!child_sp))\n', ''], 'may lack code: 1 of the lines'],
    ['a removed line of code lost', ['> - mmu_page_zap_pte(kvm, sp, sp->spt + i);\n', ''], 'may lack code: 3 lines of context are missing'],
  ])('%s: not modelled, and nothing is run', async (_, edit, why) => {
    const report = await judge([edit]);
    expect([report.exitCode, report.runs]).toEqual([3, []]);
    expect(report.notModelled.map((one) => `${one.name} ${one.why}`).join('; ')).toContain(why);
  });

  it('cut by a limit: incomplete, whatever was not run by then', async () => {
    const report = await judge([nestedOnly], ['--era', '2020', '--states', '30']);
    expect([report.exitCode, report.verdict]).toEqual([2, 'incomplete']);
    expect(report.notExercised.length).toBeGreaterThan(0);
  });

  it('names the line of what is not modelled', async () => {
    const edit: Edit = [parentless, '> + if (may_reap(child_sp))'];
    const report = await judge([edit]);
    expect(report.notModelled.map((one) => one.line)).toContain(lineOf(withEdits([edit]), 'may_reap'));
  });
});
