import { describe, expect, it } from 'vitest';
import { toldOf } from '../testing/told.ts';

const before = `bool make_it(struct kvm_mmu_page *sp, bool w, u64 *new_spte)
{
	u64 spte = SPTE_MMU_PRESENT_MASK;

	if (sp->role.level > PG_LEVEL_4K)
		spte |= PT_PAGE_SIZE_MASK;
	else if (w)
		spte |= shadow_x_mask;

	if (w && (sp->unsync || spte & shadow_accessed_mask))
		spte |= PT_WRITABLE_MASK;
	smp_wmb();
	sp->nx_huge_page_disallowed = w;
	*new_spte = spte;
	return w;
}
`;
const told = (from: string, to: string) => toldOf(before, from, to);

describe('bits that the model has not', () => {
  it.each([
    ['a statement is gone', '\t\tspte |= PT_PAGE_SIZE_MASK;', '\t\t;', [['PT_PAGE_SIZE_MASK', 6]]],
    ['its condition is another', 'level > PG_LEVEL_4K', 'level >= PG_LEVEL_4K', [['PT_PAGE_SIZE_MASK', 6]]],
    ['it is another bit', 'shadow_x_mask', 'shadow_nx_mask', [['shadow_nx_mask', 8]]],
    ['one more comes', '\t*new_spte', '\tspte |= shadow_user_mask;\n\t*new_spte', [['shadow_user_mask', 14]]],
    ['an operand is another', 'spte & shadow_accessed_mask', '!(spte & shadow_accessed_mask)', [['shadow_accessed_mask', 10]]],
    ['an operand is gone', ' || spte & shadow_accessed_mask', '', [['shadow_accessed_mask', 10]]],
    ['it is joined in another way', ' || spte', ' && spte', [['shadow_accessed_mask', 10]]],
    ['a barrier is gone', '\tsmp_wmb();\n', '', [['smp_wmb', 12]]],
    ['a member is set to something else', 'disallowed = w', 'disallowed = !w', [['nx_huge_page_disallowed', 13]]],
  ])('are told of where %s', async (_, from, to, expected) => {
    expect(await told(from, to)).toEqual(expected);
  });
  it.each([
    ['an operand beside it', 'sp->unsync ||', '!sp->unsync ||'],
    ['an operand that goes from beside it', 'sp->unsync || ', ''],
    ['an operand that comes beside it', 'w && (', 'w && !sp->unsync && ('],
    ['other bits', 'spte |= PT_WRITABLE_MASK', 'spte &= ~PT_WRITABLE_MASK'],
    ['what stands behind', 'return w;', 'return !w;'],
    ['how it is written', 'spte |= PT_PAGE_SIZE_MASK', 'spte  |=  PT_PAGE_SIZE_MASK'],
  ])('are not where a patch is about %s', async (_, from, to) => {
    expect(await told(from, to)).toEqual([]);
  });
});
