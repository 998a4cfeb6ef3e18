/** 5.18 to 6.7: the last gfn of the mask is passed as if it were the end of the range. */
import type { u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K } from '../machine/constants.ts';
import { first_bit, last_bit } from '../procedures/clearDirtyMasked.ts';
import { kvm_tdp_mmu_try_split_huge_pages } from '../procedures/splitHuge.ts';

export function split_pt_masked(mask: u32): void {
  kvm_tdp_mmu_try_split_huge_pages(first_bit(mask), last_bit(mask), PG_LEVEL_4K, false);
}
