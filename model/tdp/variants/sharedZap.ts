/** The mail of July 2023 (v4 12/12): the zap of a range runs with the read lock between begin and end. */
import { acquire, acquireShared, NULL, release, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_invalidate_begin, kvm_mmu_invalidate_end, kvm_mmu_invalidate_range_add } from '../procedures/invalidate.ts';
import { tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_zap_range_shared } from './rangeShared.ts';

export function kvm_zap_gfn_range(start: u32, end: u32): void {
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_begin();
  kvm_mmu_invalidate_range_add(start, end);
  release(vm.mmu_lock);
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    tdp_mmu_zap_range_shared(root, start, end);
  }
  releaseShared(vm.mmu_lock);
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_end();
  release(vm.mmu_lock);
}
