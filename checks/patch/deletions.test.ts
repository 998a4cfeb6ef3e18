import { describe, expect, it } from 'vitest';
import { patchTree, readSeries, treeOf } from '../../patches/index.ts';
import { gitDiff } from '../fuzz/texts.ts';
import { deletionsOf } from './deletions.ts';
import { mmuPath } from './testingTree.ts';

const before = `void f(struct kvm *kvm)
{
	if (kvm->a)
		return;
	kvm->b = 1;
	/* A comment. */
	kvm->c = 2;
}
`;
const deleted = (from: string, to: string) => {
  const tree = treeOf('linux-6.12', (asked) => (asked === mmuPath ? before : null));
  const [patch] = readSeries('p', gitDiff(before, before.replace(from, to)));
  if (patch === undefined) throw new Error('no patch');
  const { files } = patchTree(tree, patch.text);
  const found = deletionsOf(files).get(mmuPath);
  return [[...(found?.lines ?? [])], [...(found?.conditions ?? [])]];
};

describe('what a patch takes away', () => {
  it.each([
    ['is a statement without another in its place', '\tkvm->b = 1;\n', '', [[5], []]],
    ['is no statement that became another', 'kvm->b = 1', 'kvm->b = 3', [[], [5]]],
    ['is a condition, in the place of which there is none', '\tif (kvm->a)\n\t\treturn;', '\treturn;', [[], [3, 4]]],
    ['is no condition that became another', 'if (kvm->a)', 'if (!kvm->a)', [[], []]],
    ['is no condition that is part of an expression now', '\tif (kvm->a)\n\t\treturn;\n', '\tkvm->b = kvm->a ? 1 : 2;\n', [[], []]],
    ['is no comment', '\t/* A comment. */\n', '', [[], []]],
  ])('%s', (_, from, to, expected) => {
    expect(deleted(from, to)).toEqual(expected);
  });
});
