import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import { readPatchText } from '../mail/patchText.ts';
import { treeOf } from '../tree/kernelTree.ts';
import { readUnits } from './readUnits.ts';
import { patchTree } from './treePatch.ts';

const path = 'arch/x86/kvm/mmu/mmu.c';
const before = `void kvm_mmu_free_roots(struct kvm *kvm, struct kvm_mmu *mmu)
{
	int i;

	if (mmu->pae_root) {
		for (i = 0; i < 4; ++i)
			mmu->pae_root[i] = 0;
	}
	mmu->root.hpa = INVALID_PAGE;
}
`;
const told = async (from: string, to: string) => {
  if (!before.includes(from)) throw new Error(from);
  const after = before.replace(from, to);
  const diff = `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 })}`;
  const tree = treeOf('linux-6.12', (asked) => (asked === path ? before : null));
  const { units } = await readUnits(patchTree(tree, readPatchText('p', diff)), kvmBindings);
  return units.flatMap(({ problems }) => problems.map(({ name, line }) => [name, line]));
};

describe('a number that the model has smaller', () => {
  it.each([
    ['is another one', 'i < 4', 'i < 3'],
    ['is spelled otherwise', 'i < 4', 'i <= 0x3'],
  ])('is told of where it %s', async (_, from, to) => {
    expect(await told(from, to)).toEqual([['4', 6]]);
  });
  it.each([
    ['the loop is gone', '\tfor (i = 0; i < 4; ++i)\n\t\t\tmmu->pae_root[i] = 0;', '\t;'],
    ['another number is another', '[i] = 0', '[i] = 1'],
    ['the loop is another', '++i', 'i++'],
  ])('is not where %s', async (_, from, to) => {
    expect(await told(from, to)).toEqual([]);
  });
});
