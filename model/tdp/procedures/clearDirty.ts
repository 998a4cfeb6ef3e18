/**
 * Clearing D bits with the read lock (`kvm_tdp_mmu_clear_dirty_slot()` in arch/x86/kvm/mmu/tdp_mmu.c, 6.8 to 6.12; 2.18 of the facts).
 */
import { acquireShared, NULL, type Ref, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { GFNS, PG_LEVEL_4K, PT_DIRTY_MASK } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_set_spte_atomic } from './setSpte.ts';
import { is_last_spte, is_shadow_present_pte } from './spte.ts';
import { tdp_mmu_iter_cond_resched } from './zap.ts';

/** `clear_dirty_gfn_range()`: present leaves only, looked at anew after each failed exchange. */
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
    retry: while (true) {
      if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) break;
      if (tdp_mmu_iter_cond_resched(iter, false, true)) break;
      if ((iter.old_spte & PT_DIRTY_MASK) === 0) break;
      if (tdp_mmu_set_spte_atomic(iter, iter.old_spte & ~PT_DIRTY_MASK) === 0) break;
    }
  }
  rcu_read_unlock();
}

/** `kvm_mmu_slot_leaf_clear_dirty()`. */
export function kvm_mmu_slot_leaf_clear_dirty(): void {
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    clear_dirty_gfn_range(root, 0, GFNS);
  }
  releaseShared(vm.mmu_lock);
}
