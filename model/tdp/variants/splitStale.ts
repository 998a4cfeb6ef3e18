/** A mutant: the children are filled from an earlier look at the huge SPTE than the one that is compared. */
import { type bool, pointerTo, put, type Ref, type Small, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { SPTE_ENT_PER_PAGE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { tdp_mmu_iter_set_spte, tdp_mmu_set_spte_atomic } from '../procedures/setSpte.ts';
import { make_huge_page_split_spte } from '../procedures/split.ts';
import { is_last_spte, is_shadow_present_pte, kvm_tdp_mmu_read_spte, make_nonleaf_spte } from '../procedures/spte.ts';

export function tdp_mmu_split_huge_page(iter: TdpIter, sp: Ref<'pages'>, shared: bool): s32 {
  const huge_spte: Small<1023> = iter.old_spte;
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    put(pointerTo(pages, sp, 'spt', i), make_huge_page_split_spte(huge_spte, iter.level - 1, i));
  }
  const seen = kvm_tdp_mmu_read_spte(iter.sptep);
  if (is_shadow_present_pte(seen) && is_last_spte(seen)) iter.old_spte = seen;
  if (shared) return tdp_mmu_set_spte_atomic(iter, make_nonleaf_spte(sp));
  tdp_mmu_iter_set_spte(iter, make_nonleaf_spte(sp));
  return 0;
}
