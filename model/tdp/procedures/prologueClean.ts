/** How scenarios begin that have seen dirty logging before. */
import { SPTE_ENT_PER_PAGE } from '../machine/constants.ts';
import { kvm_mmu_slot_leaf_clear_dirty } from './clearDirty.ts';
import { kvm_enable_dirty_logging, kvm_mmu_slot_apply_flags } from './dirtyLog.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { prologue_fault, prologue_huge_page, prologue_logged_huge_page } from './prologue.ts';

/** The huge page of gfn 0 may be written to, and D is clear: what is left when logging was enabled, disabled, and a fault gave W back. */
export function prologue_clean_huge_page(): void {
  prologue_huge_page();
  kvm_mmu_slot_leaf_clear_dirty();
  kvm_flush_remote_tlbs();
}
/** Logging is on: what was the huge page of gfn 0 is small pages without W. */
export function prologue_protected_pages(): void {
  prologue_logged_huge_page();
  kvm_mmu_slot_apply_flags();
}
/** Two huge pages are mapped, and logging is on, "initially all set". */
export function prologue_two_huge_pages(): void {
  prologue_huge_page();
  prologue_fault(SPTE_ENT_PER_PAGE);
  kvm_enable_dirty_logging();
}
