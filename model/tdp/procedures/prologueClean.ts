/** How scenarios begin in which an earlier migration came to nothing. */
import { kvm_mmu_slot_leaf_clear_dirty } from './clearDirty.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { prologue_huge_page } from './prologue.ts';

/** The huge page of gfn 0 may be written to, and D is clear: what is left when logging was enabled, disabled, and a fault gave W back. */
export function prologue_clean_huge_page(): void {
  prologue_huge_page();
  kvm_mmu_slot_leaf_clear_dirty();
  kvm_flush_remote_tlbs();
}
