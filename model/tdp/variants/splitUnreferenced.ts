/** Mutant: the walk over all roots takes no references, as one may that keeps the write lock throughout. */
import { type bool, listFirst, NULL, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { tdp_mmu_split_huge_pages_root } from '../procedures/splitHuge.ts';

export function kvm_tdp_mmu_try_split_huge_pages(start: u32, end: u32, target_level: u32, shared: bool): void {
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (tdp_mmu_split_huge_pages_root(root, start, end, target_level, shared) !== 0) return;
  }
}
