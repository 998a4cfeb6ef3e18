/**
 * Real kernel trees, where MMUCHECK_TREES names some; without them these tests are skipped, and say so.
 */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateProcedures } from '../../compiler/ir/validate.ts';
import { scenarios } from '../../model/index.ts';
import { bindingParts, changedTree, type KernelTree, lowerContents, makeBindings, readTree, treeContents } from '../../patches/index.ts';
import { treeDirectories } from '../../patches/testing/trees.ts';
import { reachableProcedures } from '../callGraph.ts';
import { describeSystem } from '../describeSystem.ts';
import { type FinishedRun, runSystem } from '../runSystem.ts';
import { describedCounts, describedRows } from './described.ts';
import { engineSurroundings } from './engines.ts';
import { checkTree } from './treeCheck.ts';
import { treeReport } from './treeReport.ts';

const directories = treeDirectories();
// A list without entries would make no test at all: that they are skipped is to be seen.
if (directories.length === 0) describe.skip('kernel trees (set MMUCHECK_TREES)', () => it('are not there', () => {}));

describe.each(directories.map((directory) => [basename(directory), directory] as const))('%s', (_, directory) => {
  it('is read whole, and most of what the model is about is imported', async () => {
    const report = await treeReport({ directory, bind: null });
    const { functions, counts } = report;
    expect(functions.length).toBeGreaterThan(400);
    expect(counts.unparsed).toBeLessThanOrEqual(7);
    expect(counts.imported).toBeGreaterThanOrEqual(280);
    // Of what the facts describe step by step.
    const [described] = describedCounts(describedRows([report]));
    expect(described?.there).toBeGreaterThanOrEqual(165);
    expect(described?.imported).toBeGreaterThanOrEqual(140);
    for (const one of functions)
      expect([one.name, one.reason === null]).toEqual([one.name, one.status === 'imported' || one.status === 'ignorable']);
  });
  it('imports what is valid beside the procedures of each engine', async () => {
    const contents = treeContents(readTree(directory), makeBindings(bindingParts));
    for (const surroundings of engineSurroundings()) {
      const imported = (await lowerContents(contents, surroundings)).flatMap(({ procedure }) => procedure ?? []);
      const own = new Map(imported.map((one) => [one.name, one]));
      const all = new Map([...surroundings.own, ...own]);
      const problems = validateProcedures(all, surroundings.machine, surroundings.constants).filter(({ procedure }) => own.has(procedure));
      expect([surroundings.scenario, problems]).toEqual([surroundings.scenario, []]);
    }
  });
  it('runs in a scenario, where it makes the states that the model makes', async () => {
    const { model, tree, reached } = await runIn('3.3 B', readTree(directory));
    expect(reached).toBeGreaterThanOrEqual(20);
    expect(seen(tree)).toEqual(seen(model));
  });
  it('holds as it is, in a few scenarios of each engine, but for what its version is known for', async () => {
    const report = await checkTree({ directory, bind: null, scenarios: ['3.3-B', '3.2-A', '3.4-E', '3.5-D', '2.6'], preset: 'small' });
    const found = new Map(report.runs.map((run) => [run.scenario, run]));
    for (const id of ['3.3-B', '3.2-A', '3.5-D']) expect([id, found.get(id)?.verdict, found.get(id)?.reasons]).toEqual([id, 'holds', []]);
    for (const { verdict, violated, ran } of report.runs) {
      if (verdict !== 'otherVersions') expect(ran.length).toBeGreaterThan(5);
      expect(violated.filter(({ known }) => !known)).toEqual([]);
    }
    // 6.8 mended the first, 6.11 brought the second, which later ones mend.
    const known = report.runs.flatMap(({ scenario, violated }) => violated.map(({ id }) => `${scenario} ${id}`));
    expect(['3.4-E I-40', '2.6 I-51', '']).toContain(known.join(', '));
    expect(report.counts.functionsRun).toBeGreaterThan(30);
    expect(report.counts.linesReached).toBeGreaterThan(100);
  });
  it('is found to be broken when it is', async () => {
    // The previous-root loop tests the current root: the defect of 2022.
    const path = 'arch/x86/kvm/mmu/mmu.c';
    const whole = readTree(directory);
    const text = whole.read(path) ?? '';
    const broken = changedTree(whole, new Map([[path, text.replace(/(is_obsolete_root\(kvm, mmu->)prev_roots\[i\]/, '$1root')]]));
    expect(broken.read(path)).not.toBe(text);
    const { model, tree } = await runIn('3.3 B', broken);
    expect(violated(model)).toEqual([]);
    expect(violated(tree)).not.toEqual([]);
    expect(violated((await runIn('3.3 B', whole)).tree)).toEqual([]);
  });
});

/** The model's run of a scenario, and that with what of the tree can take its place there. */
async function runIn(name: string, tree: KernelTree) {
  const scenario = scenarios.find((one) => one.name === name);
  const variant = scenario?.variants.find(({ replacing }) => replacing.length === 0);
  if (scenario === undefined || variant === undefined) throw new Error(`no scenario ${name}`);
  const choice = { scenario, variant, preset: 'small' } as const;
  const description = describeSystem(choice);
  const contents = treeContents(tree, makeBindings(bindingParts));
  const lowered = await lowerContents(contents, description, bindingParts, description.procedures);
  const replacing = new Map(lowered.flatMap(({ procedure }) => (procedure === null ? [] : [[procedure.name, procedure] as const])));
  const all = reachableProcedures(describeSystem({ ...choice, replacing }));
  return {
    reached: [...replacing.keys()].filter((one) => all.has(one)).length,
    model: await runSystem(choice),
    tree: await runSystem({ ...choice, replacing }),
  };
}
const seen = ({ found }: FinishedRun) => [found.counts.states, found.exhausted, found.outcomes.map(({ id, status }) => [id, status])];
const violated = ({ found }: FinishedRun) =>
  found.outcomes.flatMap(({ id, kind, status }) => (kind !== 'reachable' && status === 'violated' ? [id] : []));
