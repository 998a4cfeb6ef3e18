/** As merged in 5.18, and as posted (until about 6.9): the walk begins anew only if the allocation had to drop the locks. */
import { type bool, free, NULL, type Ref, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { ENOMEM } from '../machine/constants.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { tdp_mmu_split_huge_page } from '../procedures/split.ts';
import { tdp_mmu_init_child_sp } from '../procedures/splitHuge.ts';
import { is_last_spte, is_shadow_present_pte } from '../procedures/spte.ts';
import { tdp_mmu_iter_cond_resched } from '../procedures/zap.ts';
import { tdp_mmu_alloc_sp_yielding } from './allocYielding.ts';

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
  let ret: s32 = 0;
  rcu_read_lock();
  tdp_iter_start(iter, root, target_level + 1, start);
  walk: for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, shared)) break;
      if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) break;
      if (sp === NULL) {
        sp = tdp_mmu_alloc_sp_yielding(iter, shared);
        if (sp === NULL) {
          ret = -ENOMEM;
          break walk;
        }
        if (iter.yielded) break;
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
  return ret;
}
