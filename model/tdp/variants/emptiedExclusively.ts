/** Mutant: an SPTE that goes by compare-exchange has its table emptied as with the write lock, so entries that are not present stay open. */
import { holdsShared, type s32, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { EBUSY } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { __tdp_mmu_set_spte_atomic, handle_changed_spte } from '../procedures/setSpte.ts';

export function tdp_mmu_set_spte_atomic(iter: TdpIter, new_spte: u32): s32 {
  WARN_ON(!holdsShared(vm.mmu_lock), 'I-24');
  if (__tdp_mmu_set_spte_atomic(iter, new_spte) !== 0) return -EBUSY;
  handle_changed_spte(iter.old_spte, new_spte, false);
  return 0;
}
