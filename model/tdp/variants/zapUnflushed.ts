/** A mutant: an SPTE is emptied with the read lock, and nobody flushes. */
import { holdsShared, put, type s32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { EBUSY, FROZEN_SPTE, SHADOW_NONPRESENT_VALUE } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { __tdp_mmu_set_spte_atomic, handle_changed_spte } from '../procedures/setSpte.ts';

export function tdp_mmu_zap_spte_atomic(iter: TdpIter): s32 {
  WARN_ON(!holdsShared(vm.mmu_lock), 'I-24');
  if (__tdp_mmu_set_spte_atomic(iter, FROZEN_SPTE) !== 0) return -EBUSY;
  put(iter.sptep, SHADOW_NONPRESENT_VALUE);
  handle_changed_spte(iter.old_spte, SHADOW_NONPRESENT_VALUE, true);
  return 0;
}
