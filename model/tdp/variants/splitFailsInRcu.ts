/**
 * The first posting (2021): a failed allocation is reported from inside the RCU section, and the walk that begins anew then goes on to
 * the next SPTE at once. That skips what the root itself maps, which is never huge: no harm here.
 */
import {
  acquire,
  acquireShared,
  type bool,
  free,
  NULL,
  type Ref,
  release,
  releaseShared,
  type s32,
  type u32,
} from '../../../compiler/subset/vocabulary.ts';
import { ENOMEM } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_restart, tdp_iter_start } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { tdp_mmu_split_huge_page } from '../procedures/split.ts';
import { tdp_mmu_init_child_sp } from '../procedures/splitHuge.ts';
import { is_last_spte, is_shadow_present_pte } from '../procedures/spte.ts';
import { tdp_mmu_iter_cond_resched } from '../procedures/zap.ts';
import { __tdp_mmu_alloc_sp_for_split } from './allocNowait.ts';

/** `tdp_mmu_split_huge_pages_root()`: 0 or -ENOMEM. */
export function tdp_mmu_split_huge_pages_root(root: Ref<'pages'>, start: u32, end: u32, target_level: u32, shared: bool): s32 {
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
  let sp: Ref<'pages'> = NULL;
  rcu_read_lock();
  tdp_iter_start(iter, root, target_level + 1, start);
  for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, shared)) break;
      if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) break;
      if (sp === NULL) sp = __tdp_mmu_alloc_sp_for_split(false);
      if (sp === NULL) {
        rcu_read_unlock();
        if (shared) releaseShared(vm.mmu_lock);
        else release(vm.mmu_lock);
        sp = __tdp_mmu_alloc_sp_for_split(true);
        if (shared) acquireShared(vm.mmu_lock);
        else acquire(vm.mmu_lock);
        rcu_read_lock();
        if (sp === NULL) return -ENOMEM;
        tdp_iter_restart(iter);
        break;
      }
      tdp_mmu_init_child_sp(sp, iter);
      if (tdp_mmu_split_huge_page(iter, sp, shared) === 0) {
        sp = NULL;
        break;
      }
    }
  }
  rcu_read_unlock();
  if (sp !== NULL) free(sp);
  return 0;
}
