/** Dirty logging is enabled, as far as splitting goes: with slots_lock, so that no fast zap runs at the same time. */
import { acquire, release } from '../../../compiler/subset/vocabulary.ts';
import { GFNS } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_slot_try_split_huge_pages } from './splitHuge.ts';

/** The part of `kvm_mmu_slot_apply_flags()` that splits. */
export function kvm_mmu_slot_apply_flags(): void {
  acquire(vm.slots_lock);
  kvm_mmu_slot_try_split_huge_pages(0, GFNS);
  release(vm.slots_lock);
}
