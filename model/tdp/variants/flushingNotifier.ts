/** A notifier with the read lock that flushes in any case, whoever zapped. */
import { acquire, release, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from '../procedures/flush.ts';
import { kvm_mmu_invalidate_begin, kvm_mmu_invalidate_range_add } from '../procedures/invalidate.ts';
import { notifier_unmap_shared } from './notifierShared.ts';

export function kvm_mmu_notifier_invalidate_range_start(start: u32, end: u32): void {
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_begin();
  kvm_mmu_invalidate_range_add(start, end);
  release(vm.mmu_lock);
  notifier_unmap_shared(start, end);
  kvm_flush_remote_tlbs();
}
