/** 5.18 to 6.7: the last gfn of the mask is passed as if it were the end of the range. */
import type { u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K } from '../machine/constants.ts';
import { first_bit, last_bit } from '../procedures/clearDirtyLog.ts';
import { kvm_tdp_mmu_try_split_huge_pages } from '../procedures/splitHuge.ts';

export function kvm_arch_mmu_enable_log_dirty_pt_masked(mask: u32): void {
  const start = first_bit(mask);
  const end = last_bit(mask);
  kvm_tdp_mmu_try_split_huge_pages(start, end, PG_LEVEL_4K, false);
}
