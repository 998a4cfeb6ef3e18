/** Until 6.7: what a zap entails is done while the SPTE is still frozen, and before the flush. */
import { holdsShared, put, type s32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { EBUSY, FROZEN_SPTE, SHADOW_NONPRESENT_VALUE } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs_range } from '../procedures/flush.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { tdp_mmu_set_spte_atomic } from '../procedures/setSpte.ts';
import { pages_per_hpage } from '../procedures/spte.ts';

export function tdp_mmu_zap_spte_atomic(iter: TdpIter): s32 {
  WARN_ON(!holdsShared(vm.mmu_lock), 'I-24');
  if (tdp_mmu_set_spte_atomic(iter, FROZEN_SPTE) !== 0) return -EBUSY;
  kvm_flush_remote_tlbs_range(iter.gfn, pages_per_hpage(iter.level));
  put(iter.sptep, SHADOW_NONPRESENT_VALUE);
  return 0;
}
