/** A zap of a range with the read lock that waits, at a frozen SPTE, for who froze it. */
import { type bool, holdsShared, NULL, type Ref, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { tdp_mmu_zap_spte_atomic } from '../procedures/setSpte.ts';
import { is_frozen_spte, is_last_spte, is_shadow_present_pte, kvm_tdp_mmu_read_spte, pages_per_hpage } from '../procedures/spte.ts';
import { tdp_mmu_iter_cond_resched } from '../procedures/zap.ts';

export function tdp_mmu_zap_range_shared(root: Ref<'pages'>, start: u32, end: u32): void {
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
  WARN_ON(!holdsShared(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  tdp_iter_start(iter, root, PG_LEVEL_4K, start);
  for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, true)) break;
      while (is_frozen_spte(iter.old_spte)) iter.old_spte = kvm_tdp_mmu_read_spte(iter.sptep);
      if (!is_shadow_present_pte(iter.old_spte)) break;
      const inside: bool = iter.gfn >= start && iter.gfn + pages_per_hpage(iter.level) <= end;
      if (!is_last_spte(iter.old_spte) && (!inside || iter.level === PT64_ROOT_LEVEL)) break;
      if (tdp_mmu_zap_spte_atomic(iter) === 0) break;
    }
  }
  rcu_read_unlock();
}
