/** A mutant: W is taken away instead of D, a form that is chosen once per root, and a leaf is not looked at again. */
import { NULL, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, PT_WRITABLE_MASK } from '../machine/constants.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { tdp_mmu_set_spte_atomic } from '../procedures/setSpte.ts';
import { is_last_spte, is_shadow_present_pte } from '../procedures/spte.ts';
import { tdp_mmu_iter_cond_resched } from '../procedures/zap.ts';

export function clear_dirty_gfn_range(root: Ref<'pages'>, start: u32, end: u32): void {
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
  rcu_read_lock();
  tdp_iter_start(iter, root, PG_LEVEL_4K, start);
  for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) continue;
    retry: while (true) {
      if (!is_shadow_present_pte(iter.old_spte)) break;
      if (tdp_mmu_iter_cond_resched(iter, false, true)) break;
      if ((iter.old_spte & PT_WRITABLE_MASK) === 0) break;
      if (tdp_mmu_set_spte_atomic(iter, iter.old_spte & ~PT_WRITABLE_MASK) === 0) break;
    }
  }
  rcu_read_unlock();
}
