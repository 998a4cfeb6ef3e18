/**
 * The TDP MMU of real kernel trees, where MMUCHECK_TREES names some: functions whose parameters are others than the model's stand in, give the
 * model's verdicts, and edits in the middle of them are judged. Skipped, and seen to be, without trees.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { bindingParts, makeBindings, readTree, treeContents } from '../../patches/index.ts';
import { treeDirectories } from '../../patches/testing/trees.ts';
import { reachableProcedures } from '../callGraph.ts';
import { describeSystem } from '../describeSystem.ts';
import { gitDiff, mailOf } from '../fuzz/texts.ts';
import { judgeTree } from '../patch/judgeTree.ts';
import { edit } from '../patch/testingTree.ts';
import { type FinishedRun, runSystem } from '../runSystem.ts';
import { placeTree } from './placeTree.ts';

const directories = treeDirectories();
// A list without entries would make no test at all: that they are skipped is to be seen.
if (directories.length === 0) describe.skip('TDP MMU of kernel trees (set MMUCHECK_TREES)', () => it('is not there', () => {}));

/** Functions whose parameters differ, or that take an iterator: the tree's own run in each of these scenarios. */
const common = ['tdp_iter_start', 'tdp_iter_next', 'try_step_down', 'tdp_mmu_set_spte_atomic', 'handle_removed_pt', 'kvm_tdp_mmu_map'];
const inScenario: Readonly<Record<string, readonly string[]>> = {
  '3.5 D': ['tdp_mmu_zap_leafs', 'tdp_mmu_set_spte', 'tdp_mmu_iter_cond_resched', 'kvm_mmu_invalidate_begin', 'kvm_mmu_invalidate_end'],
  '3.5 F': ['kvm_zap_gfn_range', 'kvm_mmu_invalidate_begin', 'kvm_mmu_invalidate_end'],
  '3.4 C': ['tdp_mmu_split_huge_pages_root', 'tdp_mmu_split_huge_page', 'tdp_mmu_init_child_sp', 'kvm_mmu_slot_try_split_huge_pages'],
};

interface Edit {
  readonly what: string;
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly scenario: string;
  readonly breaks: string;
}
const edits: readonly Edit[] = [
  {
    what: 'tdp_mmu_iter_cond_resched() drops mmu_lock with a flush owed',
    path: 'arch/x86/kvm/mmu/tdp_mmu.c',
    from: '\t\tif (flush)\n\t\t\tkvm_flush_remote_tlbs(kvm);\n\n\t\trcu_read_unlock();',
    to: '\t\trcu_read_unlock();',
    scenario: '3.5-A-yield',
    breaks: 'I-20',
  },
  {
    what: 'tdp_mmu_split_huge_pages_root() uses a spare table twice',
    path: 'arch/x86/kvm/mmu/tdp_mmu.c',
    from: '\t\t\tgoto retry;\n\n\t\tsp = NULL;\n',
    to: '\t\t\tgoto retry;\n\n',
    scenario: '3.4-C',
    breaks: 'I-26',
  },
];
const scratch = mkdtempSync(join(tmpdir(), 'mmucheck-tdp-'));

describe.each(directories.map((directory) => [basename(directory), directory] as const))('%s', { timeout: 300_000 }, (_, directory) => {
  it.each(Object.entries(inScenario))('stands in for the TDP MMU of scenario %s, with the verdicts of the model', async (name, own) => {
    const scenario = scenarios.find((one) => one.name === name);
    const variant = scenario?.variants.find(({ replacing }) => replacing.length === 0);
    if (scenario === undefined || variant === undefined) throw new Error(`no scenario ${name}`);
    const choice = { scenario, variant, preset: 'small' } as const;
    const placed = await placeTree(treeContents(readTree(directory), makeBindings(bindingParts)), choice, bindingParts);
    const run = reachableProcedures(describeSystem(placed.choice));
    const standing = [...placed.placed.keys()].filter((one) => run.has(one));
    expect(standing).toEqual(expect.arrayContaining([...common, ...own]));
    expect(verdicts(await runSystem(placed.choice))).toEqual(verdicts(await runSystem(choice)));
  });
  it.each(edits)('$what: $breaks is broken', async ({ path, from, to, scenario, breaks }) => {
    const text = readFileSync(join(directory, path), 'utf8');
    const file = join(scratch, 'own.patch');
    writeFileSync(file, mailOf('[PATCH] x', gitDiff(text, edit(text, from, to), path)));
    const asked = { preset: 'small', files: [file], tree: directory, base: null, range: null, era: null, scenarios: [scenario] } as const;
    const { report } = await judgeTree(asked);
    expect([report.verdict, report.notModelled]).toEqual(['violated', []]);
    const broken = report.runs.flatMap(({ properties }) => properties.flatMap(({ id, change }) => (change === 'breaks' ? [id] : [])));
    expect(broken).toContain(breaks);
  });
});

const verdicts = ({ found }: FinishedRun) => [found.exhausted, ...found.outcomes.map(({ id, status }) => `${id} ${status}`).sort()];
