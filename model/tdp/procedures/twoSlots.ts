/**
 * Two memslots over the same host address: a notifier handles one after the other (`__kvm_handle_hva_range()` in virt/kvm/kvm_main.c, 6.12;
 * 2.17 of the facts). Slot n is gfn n.
 */
import { acquire, type bool, fetchOr, release, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { GFNS } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { kvm_mmu_invalidate_begin, kvm_mmu_invalidate_range_add, kvm_mmu_notifier_invalidate_range_end } from './invalidate.ts';
import { kvm_tdp_mmu_unmap_gfn_range } from './zap.ts';

/** One hold of `mmu_lock` for all slots, and one flush. */
export function notifier_start_all_slots(): void {
  let flush: bool = false;
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_begin();
  for (let slot: u32 = 0; slot < GFNS; slot++) {
    kvm_mmu_invalidate_range_add(slot, slot + 1);
    flush = kvm_tdp_mmu_unmap_gfn_range(slot, slot + 1, true, flush);
  }
  if (flush) kvm_flush_remote_tlbs();
  release(vm.mmu_lock);
}
/** The host changes its mapping of the page and frees nothing. */
export function host_changes_page(): void {
  notifier_start_all_slots();
  kvm_mmu_notifier_invalidate_range_end(0, GFNS);
}
/** The host takes the page away. */
export function host_frees_page(): void {
  notifier_start_all_slots();
  fetchOr(vm.host_unmapped, (1 << GFNS) - 1);
  fetchOr(vm.host_freed, 1);
  kvm_mmu_notifier_invalidate_range_end(0, GFNS);
}
