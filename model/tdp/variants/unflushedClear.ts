/** A mutant: KVM_CLEAR_DIRTY_LOG protects what it cleared, and returns before anybody has flushed. */
import { acquire, fetchAnd, release, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_arch_mmu_enable_log_dirty_pt_masked } from '../procedures/clearDirtyMasked.ts';

export function kvm_clear_dirty_log_protect(named: u32): void {
  acquire(vm.slots_lock);
  acquire(vm.mmu_lock);
  const mask: u32 = named & fetchAnd(vm.dirty_bitmap, ~named);
  if (mask !== 0) kvm_arch_mmu_enable_log_dirty_pt_masked(mask);
  release(vm.mmu_lock);
  release(vm.slots_lock);
}
