/**
 * Notifier events where memslots come and go (virt/kvm/kvm_main.c, 6.8 to 6.12; 2.17 of the facts): start and end each look for slots,
 * and take the lock only if they find one.
 */
import { acquire, type bool, fetchOr, NULL, release } from '../../../compiler/subset/vocabulary.ts';
import { GFNS } from '../machine/constants.ts';
import { memslots, slots } from '../machine/memslots.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { kvm_mmu_invalidate_begin, kvm_mmu_invalidate_end, kvm_mmu_invalidate_range_add } from './invalidate.ts';
import { srcu_read_lock, srcu_read_unlock } from './memslots.ts';
import { kvm_tdp_mmu_unmap_gfn_range } from './zap.ts';

/** `kvm_mmu_notifier_invalidate_range_start()` for the page behind the slot. One that may not block must not yield `mmu_lock`. */
export function notifier_start_by_slot(may_block: bool): void {
  acquire(slots.mn_invalidate_lock);
  slots.mn_active_invalidate_count += 1;
  release(slots.mn_invalidate_lock);
  srcu_read_lock();
  const slot = slots.memslots;
  if (slot !== NULL) {
    acquire(vm.mmu_lock);
    kvm_mmu_invalidate_begin();
    const gfn = memslots[slot].base_gfn;
    kvm_mmu_invalidate_range_add(gfn, gfn + 1);
    const flush = kvm_tdp_mmu_unmap_gfn_range(gfn, gfn + 1, may_block, false);
    if (flush) kvm_flush_remote_tlbs();
    release(vm.mmu_lock);
  }
  srcu_read_unlock();
}
/** `kvm_mmu_notifier_invalidate_range_end()`. */
export function notifier_end_by_slot(): void {
  srcu_read_lock();
  const slot = slots.memslots;
  if (slot !== NULL) {
    acquire(vm.mmu_lock);
    kvm_mmu_invalidate_end();
    release(vm.mmu_lock);
  }
  srcu_read_unlock();
  acquire(slots.mn_invalidate_lock);
  slots.mn_active_invalidate_count -= 1;
  release(slots.mn_invalidate_lock);
}

/** The host changes its mapping of the page behind the slot, and frees nothing. */
export function host_changes_slot_page(may_block: bool): void {
  notifier_start_by_slot(may_block);
  notifier_end_by_slot();
}
/** The host takes the page behind the slot away. */
export function host_frees_slot_page(may_block: bool): void {
  notifier_start_by_slot(may_block);
  fetchOr(vm.host_unmapped, (1 << GFNS) - 1);
  fetchOr(vm.host_freed, 1);
  notifier_end_by_slot();
}
