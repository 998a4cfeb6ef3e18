/**
 * The counter-proposal of September 2023: `kvm_tdp_mmu_zap_leafs()` itself swaps the write lock for the read lock around its
 * loop. The edits that the inner function would need are left out there, and so here.
 */
import { acquire, acquireShared, type bool, NULL, release, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_zap_leafs } from '../procedures/zap.ts';

export function kvm_tdp_mmu_zap_leafs(start: u32, end: u32, owed: bool): bool {
  let flush = owed;
  release(vm.mmu_lock);
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    flush = tdp_mmu_zap_leafs(root, start, end, false, flush);
  }
  releaseShared(vm.mmu_lock);
  acquire(vm.mmu_lock);
  return flush;
}
