/** Mutant: a yield in one root flushes nothing of what is owed for those before it. */
import { type bool, NULL, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_zap_leafs } from '../procedures/zap.ts';

export function kvm_tdp_mmu_unmap_gfn_range(start: u32, end: u32, may_block: bool, owed: bool): bool {
  let flush = owed;
  for (let root = tdp_mmu_next_root(NULL, false); root !== NULL; root = tdp_mmu_next_root(root, false)) {
    const zapped = tdp_mmu_zap_leafs(root, start, end, may_block, false);
    flush = flush || zapped;
  }
  return flush;
}
