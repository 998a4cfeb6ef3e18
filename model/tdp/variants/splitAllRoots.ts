/** Mail of January 2022, v2: invalid roots are split, too; a reference on each keeps it until the walk is over. */
import { type bool, NULL, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { kvm_tdp_mmu_put_root, tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_split_huge_pages_root } from '../procedures/splitHuge.ts';

export function kvm_tdp_mmu_try_split_huge_pages(start: u32, end: u32, target_level: u32, shared: bool): void {
  for (let root = tdp_mmu_next_root(NULL, false); root !== NULL; root = tdp_mmu_next_root(root, false)) {
    if (tdp_mmu_split_huge_pages_root(root, start, end, target_level, shared) !== 0) {
      kvm_tdp_mmu_put_root(root);
      return;
    }
  }
}
