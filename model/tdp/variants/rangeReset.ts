/** A mistake that nobody made: each event starts the range anew, also while others are under way. */
import { holdsExclusive, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { INVALID_GPA } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';

/** `kvm_mmu_invalidate_begin()`. */
export function kvm_mmu_invalidate_begin(): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  vm.mmu_invalidate_in_progress += 1;
  vm.mmu_invalidate_range_start = INVALID_GPA;
  vm.mmu_invalidate_range_end = INVALID_GPA;
}
