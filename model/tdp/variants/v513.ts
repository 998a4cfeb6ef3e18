/** 5.13 and 5.14: the zap of a range runs with the read lock, and without begin and end: nothing makes faults retry. */
import { acquireShared, NULL, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_zap_range_shared } from './rangeShared.ts';

export function kvm_zap_gfn_range(start: u32, end: u32): void {
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    tdp_mmu_zap_range_shared(root, start, end);
  }
  releaseShared(vm.mmu_lock);
}
