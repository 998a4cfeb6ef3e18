/**
 * Shadow pages that the guest may outdate without an exit: marking and finding them (arch/x86/kvm/mmu/mmu.c, 5.18 to
 * 6.12; 2.22 of the facts). They are zapped in `zap.ts` and brought up to date in `sync.ts`.
 *
 * Everything here holds `mmu_lock` for write, as every fault of the shadow MMU does; `mmu_unsync_pages_lock`, which faults of the TDP MMU
 * need, is left out. KVM_PAGE_ARRAY_NR, 16 paths that one walk may collect, is 1.
 */

import {
  type bool,
  listFirst,
  listNext,
  NULL,
  type Pointer,
  pointerIndex,
  pointerRow,
  type Ref,
  type Small,
  type u32,
  WARN_ON,
} from '../../compiler/subset/vocabulary.ts';
import { PT64_ENT_PER_PAGE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from './spte.ts';

/** `struct kvm_mmu_pages` and `struct mmu_page_path`: an unsync page, and by level the table above it and the entry that leads down. */
export interface UnsyncPath {
  sp: Ref<'pages'>;
  parent2: Ref<'pages'>;
  idx2: Small<7>;
  parent3: Ref<'pages'>;
  idx3: Small<7>;
  parent4: Ref<'pages'>;
  idx4: Small<7>;
}

/** `mark_unsync()`: the bit of this entry, and of all above it until one has some already. */
export function mark_unsync(sptep: Pointer<'pages', 'spt'>): void {
  const sp = pointerRow(sptep);
  const bit: u32 = 1 << pointerIndex(sptep);
  if ((pages[sp].unsync_child_bitmap & bit) !== 0) return;
  pages[sp].unsync_child_bitmap |= bit;
  pages[sp].unsync_children += 1;
  if (pages[sp].unsync_children !== 1) return;
  kvm_mmu_mark_parents_unsync(sp);
}

/** `kvm_mmu_mark_parents_unsync()`. */
export function kvm_mmu_mark_parents_unsync(sp: Ref<'pages'>): void {
  let sptep = listFirst(pages[sp].parent_ptes);
  while (sptep !== NULL) {
    mark_unsync(sptep);
    sptep = listNext(pages[sp].parent_ptes, sptep);
  }
}

/** `kvm_unsync_page()`. */
export function kvm_unsync_page(sp: Ref<'pages'>): void {
  pages[sp].unsync = true;
  kvm_mmu_mark_parents_unsync(sp);
}

/** `clear_unsync_child_bit()`. */
export function clear_unsync_child_bit(sp: Ref<'pages'>, idx: u32): void {
  pages[sp].unsync_children -= 1;
  pages[sp].unsync_child_bitmap &= ~(1 << idx);
}

/** `find_first_bit()` of `unsync_child_bitmap`, in which a bit is set. */
export function first_unsync_child(sp: Ref<'pages'>): u32 {
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
    if ((pages[sp].unsync_child_bitmap & (1 << i)) !== 0) return i;
  }
  return 0;
}

/** `mmu_pages_add()`: which entry of the table `sp` leads on. */
export function mmu_pages_add(path: UnsyncPath, sp: Ref<'pages'>, idx: u32): void {
  const level = pages[sp].role.level;
  if (level === 2) {
    path.parent2 = sp;
    path.idx2 = idx;
  } else if (level === 3) {
    path.parent3 = sp;
    path.idx3 = idx;
  } else {
    path.parent4 = sp;
    path.idx4 = idx;
  }
}

/**
 * `mmu_unsync_walk()`: the first unsync page below `parent`, and the path to it. Bits that lead to none are cleared on the way: they are
 * set too often, but never too seldom.
 */
export function mmu_unsync_walk(path: UnsyncPath, parent: Ref<'pages'>): bool {
  let sp: Ref<'pages'> = parent;
  while (pages[parent].unsync_children !== 0) {
    const idx = first_unsync_child(sp);
    const ent = pages[sp].spt[idx];
    let child: Ref<'pages'> = NULL;
    if (is_shadow_present_pte(ent) && !is_last_spte(ent)) child = spte_to_child_sp(ent);
    if (child !== NULL && pages[child].unsync_children !== 0) {
      mmu_pages_add(path, sp, idx);
      sp = child;
    } else if (child !== NULL && pages[child].unsync) {
      mmu_pages_add(path, sp, idx);
      path.sp = child;
      return true;
    } else {
      clear_unsync_child_bit(sp, idx);
      sp = parent;
    }
  }
  return false;
}

/** `mmu_pages_clear_parents()`: the bits of the path, up to the first table that has others. */
export function mmu_pages_clear_parents(path: UnsyncPath): void {
  clear_unsync_child_bit(path.parent2, path.idx2);
  if (pages[path.parent2].unsync_children !== 0 || path.parent3 === NULL) return;
  clear_unsync_child_bit(path.parent3, path.idx3);
  if (pages[path.parent3].unsync_children !== 0 || path.parent4 === NULL) return;
  clear_unsync_child_bit(path.parent4, path.idx4);
}

/** `kvm_unlink_unsync_page()`. */
export function kvm_unlink_unsync_page(sp: Ref<'pages'>): void {
  WARN_ON(!pages[sp].unsync);
  pages[sp].unsync = false;
}
