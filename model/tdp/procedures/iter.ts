/**
 * The TDP iterator (arch/x86/kvm/mmu/tdp_iter.c, 5.17 to 6.12; 2.15 of the facts): pre-order, restarts at the root after a
 * yield without advancing.
 *
 * Of the path only the table of level 2 is kept: the root is known, and nobody steps up to level 1. That of level 3 below a root of
 * level 4 is found from it: `ptep` of a table stays what it was until the table is freed.
 */

import { type bool, type Pointer, pointerRow, pointerTo, type Ref, type Small, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PT64_ROOT_LEVEL, SPTE_ENT_PER_PAGE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import {
  gfn_round_for_level,
  is_last_spte,
  is_shadow_present_pte,
  kvm_tdp_mmu_read_spte,
  pages_per_hpage,
  spte_index,
  spte_to_child_sp,
} from './spte.ts';

/** `struct tdp_iter`. */
export interface TdpIter {
  next_last_level_gfn: Small<15>;
  yielded_gfn: Small<15>;
  root: Ref<'pages'>;
  /** `pt_path[1]`, if the root is higher. */
  middle: Ref<'pages'>;
  sptep: Pointer<'pages', 'spt'>;
  old_spte: Small<1023>;
  gfn: Small<15>;
  level: Small<4>;
  min_level: Small<4>;
  valid: bool;
  yielded: bool;
}

/** `tdp_iter_refresh_sptep()`: the SPTE for the current gfn in table `pt`. */
export function tdp_iter_refresh_sptep(iter: TdpIter, pt: Ref<'pages'>): void {
  iter.sptep = pointerTo(pages, pt, 'spt', spte_index(iter.gfn, iter.level));
  iter.old_spte = kvm_tdp_mmu_read_spte(iter.sptep);
}

/** `tdp_iter_restart()`: back to the root, towards the same goal. */
export function tdp_iter_restart(iter: TdpIter): void {
  iter.yielded = false;
  iter.yielded_gfn = iter.next_last_level_gfn;
  iter.level = PT64_ROOT_LEVEL;
  iter.gfn = gfn_round_for_level(iter.next_last_level_gfn, iter.level);
  tdp_iter_refresh_sptep(iter, iter.root);
  iter.valid = true;
}

/** `tdp_iter_start()`. */
export function tdp_iter_start(iter: TdpIter, root: Ref<'pages'>, min_level: u32, next_last_level_gfn: u32): void {
  iter.next_last_level_gfn = next_last_level_gfn;
  iter.root = root;
  iter.min_level = min_level;
  tdp_iter_restart(iter);
}

/** `try_step_down()`: re-reads the SPTE first, so as not to walk into a table that is linked no longer. */
export function try_step_down(iter: TdpIter): bool {
  if (iter.level === iter.min_level) return false;
  iter.old_spte = kvm_tdp_mmu_read_spte(iter.sptep);
  if (!is_shadow_present_pte(iter.old_spte) || is_last_spte(iter.old_spte)) return false;
  const child_pt = spte_to_child_sp(iter.old_spte);
  iter.level -= 1;
  if (iter.level === 2) iter.middle = child_pt;
  iter.gfn = gfn_round_for_level(iter.next_last_level_gfn, iter.level);
  tdp_iter_refresh_sptep(iter, child_pt);
  return true;
}

/** `try_step_side()`. */
export function try_step_side(iter: TdpIter): bool {
  if (spte_index(iter.gfn, iter.level) === SPTE_ENT_PER_PAGE - 1) return false;
  iter.gfn += pages_per_hpage(iter.level);
  iter.next_last_level_gfn = iter.gfn;
  iter.sptep = pointerTo(pages, pointerRow(iter.sptep), 'spt', spte_index(iter.gfn, iter.level));
  iter.old_spte = kvm_tdp_mmu_read_spte(iter.sptep);
  return true;
}

/** `try_step_up()`. */
export function try_step_up(iter: TdpIter): bool {
  if (iter.level === PT64_ROOT_LEVEL) return false;
  iter.level += 1;
  iter.gfn = gfn_round_for_level(iter.gfn, iter.level);
  if (PT64_ROOT_LEVEL > 3 && iter.level === 3) tdp_iter_refresh_sptep(iter, pointerRow(pages[iter.middle].ptep));
  else tdp_iter_refresh_sptep(iter, iter.level === PT64_ROOT_LEVEL ? iter.root : iter.middle);
  return true;
}

/** `tdp_iter_next()`. */
export function tdp_iter_next(iter: TdpIter): void {
  if (iter.yielded) {
    tdp_iter_restart(iter);
    return;
  }
  if (try_step_down(iter)) return;
  for (let l: u32 = 0; l < PT64_ROOT_LEVEL; l++) {
    if (try_step_side(iter)) return;
    if (!try_step_up(iter)) break;
  }
  iter.valid = false;
}
