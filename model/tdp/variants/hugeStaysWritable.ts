/** A mutant: enabling clears D, and huge pages that could not be split keep W. The CPU logs the first write to each, and no other. */
import { kvm_mmu_slot_leaf_clear_dirty } from '../procedures/clearDirty.ts';

export function kvm_mmu_slot_track_writes(): void {
  kvm_mmu_slot_leaf_clear_dirty();
}
