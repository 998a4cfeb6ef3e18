/**
 * Splitting huge pages (arch/x86/kvm/mmu/tdp_mmu.c, 6.8 to 6.12; 2.16 of the facts).
 */

import { type bool, pointerTo, put, type Ref, type Small, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { SPTE_ENT_PER_PAGE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import type { TdpIter } from './iter.ts';
import { tdp_mmu_iter_set_spte, tdp_mmu_set_spte_atomic } from './setSpte.ts';
import { make_leaf_spte, make_nonleaf_spte, pages_per_hpage, spte_permissions, spte_to_pfn } from './spte.ts';

/** `make_huge_page_split_spte()`: the child at `index` of a huge leaf, with the same permissions. */
export function make_huge_page_split_spte(huge_spte: u32, child_level: u32, index: u32): u32 {
  return make_leaf_spte(spte_to_pfn(huge_spte) + index * pages_per_hpage(child_level), spte_permissions(huge_spte));
}

/** `tdp_mmu_split_huge_page()`: fills `sp` from the snapshot and links it in place of that. No flush: old and new agree. */
export function tdp_mmu_split_huge_page(iter: TdpIter, sp: Ref<'pages'>, shared: bool): s32 {
  const huge_spte: Small<1023> = iter.old_spte;
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    put(pointerTo(pages, sp, 'spt', i), make_huge_page_split_spte(huge_spte, iter.level - 1, i));
  }
  if (shared) return tdp_mmu_set_spte_atomic(iter, make_nonleaf_spte(sp));
  tdp_mmu_iter_set_spte(iter, make_nonleaf_spte(sp));
  return 0;
}
