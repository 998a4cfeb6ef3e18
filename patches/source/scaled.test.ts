import { describe, expect, it } from 'vitest';
import { toldOf } from '../testing/told.ts';

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
const told = (from: string, to: string) => toldOf(before, from, to);

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
