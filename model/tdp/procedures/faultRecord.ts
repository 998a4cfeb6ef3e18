/** What a fault knows, and what it tells the dirty log: shared by the fault that takes `mmu_lock` and the one that takes no lock. */
import { type bool, fetchOr, type Small, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';

/** `struct kvm_page_fault`. */
export interface Fault {
  gfn: Small<15>;
  pfn: Small<15>;
  mmu_seq: Small<15>;
  goal_level: Small<4>;
  /** The slot, as it was found when the fault began, is being logged. */
  logging: bool;
  write: bool;
}

/** `mark_page_dirty_in_slot()`. */
export function mark_page_dirty(gfn: u32): void {
  fetchOr(vm.dirty_bitmap, 1 << gfn);
}
