/**
 * What nobody merged: the notifier zaps with the read lock, too, and flushes what it zapped itself. "Nothing there" is no
 * longer "nothing cached": another zapper may have frozen the SPTE and not flushed yet.
 */
import { acquire, release, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_invalidate_begin, kvm_mmu_invalidate_range_add } from '../procedures/invalidate.ts';
import { notifier_unmap_shared } from './notifierShared.ts';

export function kvm_mmu_notifier_invalidate_range_start(start: u32, end: u32): void {
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_begin();
  kvm_mmu_invalidate_range_add(start, end);
  release(vm.mmu_lock);
  notifier_unmap_shared(start, end);
}
