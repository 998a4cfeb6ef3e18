/**
 * Until 6.1: a fault that needs smaller pages zaps the huge leaf and treats it as empty, so that the rest of the huge page is
 * unmapped and faults, too.
 */
import { free, NULL, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, RET_PF_RETRY } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { tdp_mmu_alloc_sp, tdp_mmu_link_sp, tdp_mmu_map_handle_target_level } from '../procedures/fault.ts';
import type { Fault } from '../procedures/faultRecord.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { tdp_mmu_zap_spte_atomic } from '../procedures/setSpte.ts';
import { is_frozen_spte, is_last_spte, is_shadow_present_pte, kvm_tdp_mmu_read_spte } from '../procedures/spte.ts';

/** `kvm_tdp_mmu_map()`. */
export function kvm_tdp_mmu_map(vcpu: Ref<'vcpus'>, fault: Fault): u32 {
  const iter: TdpIter = {
    next_last_level_gfn: 0,
    yielded_gfn: 0,
    root: NULL,
    middle: NULL,
    sptep: NULL,
    old_spte: 0,
    gfn: 0,
    level: 0,
    min_level: 0,
    valid: false,
    yielded: false,
  };
  let ret: u32 = RET_PF_RETRY;
  rcu_read_lock();
  tdp_iter_start(iter, vcpus[vcpu].root, PG_LEVEL_4K, fault.gfn);
  for (; iter.valid && iter.gfn <= fault.gfn; tdp_iter_next(iter)) {
    if (iter.level === fault.goal_level) {
      if (!is_frozen_spte(iter.old_spte)) ret = tdp_mmu_map_handle_target_level(vcpu, fault, iter);
      break;
    }
    if (is_shadow_present_pte(iter.old_spte) && is_last_spte(iter.old_spte)) {
      if (tdp_mmu_zap_spte_atomic(iter) !== 0) break;
      iter.old_spte = kvm_tdp_mmu_read_spte(iter.sptep);
    }
    if (is_shadow_present_pte(iter.old_spte)) continue;
    if (is_frozen_spte(iter.old_spte)) break;
    const sp = tdp_mmu_alloc_sp(iter);
    if (tdp_mmu_link_sp(iter, sp) !== 0) {
      free(sp);
      break;
    }
  }
  rcu_read_unlock();
  return ret;
}
