/**
 * Real kernel trees, where MMUCHECK_TREES names some; without them these tests are skipped, and say so.
 */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateProcedures } from '../../compiler/ir/validate.ts';
import { bindingParts, lowerContents, makeBindings, readTree, treeContents } from '../../patches/index.ts';
import { treeDirectories } from '../../patches/testing/trees.ts';
import { engineSurroundings } from './engines.ts';
import { treeReport } from './treeReport.ts';

const directories = treeDirectories();
if (directories.length === 0) describe.skip('kernel trees (set MMUCHECK_TREES)', () => it('are not there', () => {}));

describe.each(directories.map((directory) => [basename(directory), directory] as const))('%s', (_, directory) => {
  it('is read whole, and most of what the model is about is imported', async () => {
    const { functions, counts } = await treeReport({ directory, bind: null });
    expect(functions.length).toBeGreaterThan(400);
    expect(counts.unparsed).toBeLessThanOrEqual(7);
    expect(counts.imported).toBeGreaterThanOrEqual(60);
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
});
