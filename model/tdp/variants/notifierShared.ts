/** What a notifier with the read lock does between begin and its return. */
import { acquireShared, NULL, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { tdp_mmu_next_root } from '../procedures/roots.ts';
import { tdp_mmu_zap_range_shared } from './rangeShared.ts';

/** All roots, valid or not. */
export function notifier_unmap_shared(start: u32, end: u32): void {
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, false); root !== NULL; root = tdp_mmu_next_root(root, false)) {
    tdp_mmu_zap_range_shared(root, start, end);
  }
  releaseShared(vm.mmu_lock);
}
