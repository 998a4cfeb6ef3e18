/** The notifier calls the function of the counter-proposal: the write lock is swapped for the read lock inside. */
import { acquire, acquireShared, type bool, NULL, release, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_zap_leafs } from '../procedures/zap.ts';

export function kvm_tdp_mmu_unmap_gfn_range(start: u32, end: u32, may_block: bool, owed: bool): bool {
  let flush = owed;
  release(vm.mmu_lock);
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, false); root !== NULL; root = tdp_mmu_next_root(root, false)) {
    flush = tdp_mmu_zap_leafs(root, start, end, false, flush);
  }
  releaseShared(vm.mmu_lock);
  acquire(vm.mmu_lock);
  return flush;
}
