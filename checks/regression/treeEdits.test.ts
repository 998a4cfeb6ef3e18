/**
 * A few of the mutations of real kernel trees; `npm run regress` judges all of them. Skipped, visibly, where MMUCHECK_TREES names no tree.
 */
import { describe, expect, it } from 'vitest';
import { readTree } from '../../patches/index.ts';
import { treeDirectories } from '../../patches/testing/trees.ts';
import { treeEdits } from './edits/index.ts';
import { judgeEdit } from './judgeEdit.ts';

const directories = treeDirectories();
/** One that only takes lines away; one in a branch that only the machine of the TDP MMU has. */
const quick = ['guest-mmu-forgotten', 'range-zap-drops-flush'];

describe('the list of mutations', () => {
  it('names each once, has the quick ones, and thirty for each tree that must be seen', () => {
    const names = treeEdits.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(expect.arrayContaining(quick));
    for (const version of ['6.1', '6.12']) {
      const seen = treeEdits.filter(({ trees, expected }) => trees.includes(version) && expected.verdict === 'violated');
      expect(seen.length).toBeGreaterThanOrEqual(30);
    }
  });
});

describe.skipIf(directories.length === 0)('mutations of kernel trees (set MMUCHECK_TREES)', { timeout: 600_000 }, () => {
  it.each(directories.flatMap((directory) => quick.map((name) => [name, directory] as const)))('%s on %s', async (name, directory) => {
    const edit = treeEdits.find((one) => one.name === name);
    const tree = readTree(directory);
    if (edit === undefined) throw new Error(`no edit ${name}`);
    expect(edit.trees).toContain(`${tree.version?.major}.${tree.version?.minor}`);
    const row = await judgeEdit(tree, edit);
    expect(row).toMatchObject({ verdict: 'violated', asExpected: true });
  });
});
