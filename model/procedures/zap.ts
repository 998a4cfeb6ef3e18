/**
 * Zapping shadow pages: preparing and committing (arch/x86/kvm/mmu/mmu.c, 5.18 to 6.12; 2.1 and 2.2 of the facts).
 *
 * Left out: A/D hand-over, NX accounting, statistics.
 */

import {
  at,
  type bool,
  free,
  holdsExclusive,
  listAdd,
  listFirst,
  listIsEmpty,
  listRemove,
  NULL,
  type Out,
  type Pointer,
  pointerTo,
  put,
  type Ref,
  type Small,
  type u32,
  WARN_ON,
} from '../../compiler/subset/vocabulary.ts';
import {
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS,
  PAGES,
  PARENTS,
  PG_LEVEL_4K,
  PT64_ENT_PER_PAGE,
  RMAPS,
  tdp_enabled,
} from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { list_add_link, list_del_link, list_move_link } from './lists.ts';
import { kvm_flush_remote_tlbs } from './remoteFlush.ts';
import { kvm_make_all_cpus_request } from './requests.ts';
import { drop_spte } from './rmaps.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from './spte.ts';
import { kvm_unlink_unsync_page, mmu_pages_clear_parents, mmu_unsync_walk, type UnsyncPath } from './unsync.ts';

/** `is_obsolete_sp()`: zapped, or of another generation. Both are read without `mmu_lock` by a vCPU in service. */
export function is_obsolete_sp(sp: Ref<'pages'>): bool {
  if (pages[sp].role.invalid) return true;
  return pages[sp].mmu_valid_gen !== vm.mmu_valid_gen;
}

/** `drop_parent_pte()`: the SPTE no longer links `sp`. */
export function drop_parent_pte(sp: Ref<'pages'>, sptep: Pointer<'pages', 'spt'>): void {
  listRemove(pages[sp].parent_ptes, sptep);
  put(sptep, 0);
}

/** `mmu_page_add_parent_pte()`. */
export function mmu_page_add_parent_pte(sp: Ref<'pages'>, sptep: Pointer<'pages', 'spt'>): void {
  listAdd(pages[sp].parent_ptes, sptep);
}

/**
 * `mmu_page_zap_pte()`, 5.10 until 2026: drops one SPTE; a nested TDP child that lost its last parent is zapped,
 * too, if there is a list to put it on (NULL: none). Gives 1 if that was so: pages below that one do not count.
 */
export function mmu_page_zap_pte(spte: Pointer<'pages', 'spt'>, invalid_list: Ref<'lists'>): u32 {
  const pte = at(spte);
  if (!is_shadow_present_pte(pte)) return 0;
  if (is_last_spte(pte)) {
    drop_spte(spte);
    return 0;
  }
  const child = spte_to_child_sp(pte);
  drop_parent_pte(child, spte);
  if (tdp_enabled && invalid_list !== NULL && pages[child].role.guest_mode && listIsEmpty(pages[child].parent_ptes)) {
    return kvm_mmu_prepare_zap_page(child, invalid_list) ? 1 : 0;
  }
  return 0;
}

/** `kvm_mmu_page_unlink_children()`. */
export function kvm_mmu_page_unlink_children(sp: Ref<'pages'>, invalid_list: Ref<'lists'>): u32 {
  let zapped: u32 = 0;
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
    zapped += mmu_page_zap_pte(pointerTo(pages, sp, 'spt', i), invalid_list);
  }
  return zapped;
}

/** `kvm_mmu_unlink_parents()`. */
export function kvm_mmu_unlink_parents(sp: Ref<'pages'>): void {
  for (let i: u32 = 0; i < PARENTS; i++) {
    const sptep = listFirst(pages[sp].parent_ptes);
    if (sptep === NULL) return;
    drop_parent_pte(sp, sptep);
  }
}

/** `unaccount_shadowed()`: as far as it counts. */
export function unaccount_shadowed(): void {
  vm.indirect_shadow_pages -= 1;
}

/** `mmu_zap_unsync_children()`: what is out of date below a page goes with it. Gives the number of pages zapped. */
export function mmu_zap_unsync_children(parent: Ref<'pages'>, invalid_list: Ref<'lists'>): u32 {
  if (!RMAPS || pages[parent].role.level === PG_LEVEL_4K) return 0;
  let zapped: Small<15> = 0;
  const path: UnsyncPath = { sp: NULL, parent2: NULL, idx2: 0, parent3: NULL, idx3: 0, parent4: NULL, idx4: 0 };
  while (mmu_unsync_walk(path, parent)) {
    kvm_mmu_prepare_zap_page(path.sp, invalid_list);
    mmu_pages_clear_parents(path);
    zapped += 1;
  }
  return zapped;
}

/**
 * `__kvm_mmu_prepare_zap_page()`, 5.18 and later: the request to drop a root comes after `role.invalid = 1`, since
 * the vCPU that services it reads that bit without the lock. Gives whether other pages were zapped, too.
 */
export function __kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: Out<u32>): bool {
  let zapped_root: bool = false;
  WARN_ON(!holdsExclusive(vm.mmu_lock));
  nr_zapped.value = mmu_zap_unsync_children(sp, invalid_list);
  nr_zapped.value += kvm_mmu_page_unlink_children(sp, invalid_list);
  kvm_mmu_unlink_parents(sp);
  const list_unstable = nr_zapped.value !== 0;
  if (!pages[sp].role.invalid && !pages[sp].role.direct) unaccount_shadowed();
  if (RMAPS && pages[sp].unsync) kvm_unlink_unsync_page(sp);
  if (pages[sp].root_count === 0) {
    nr_zapped.value += 1;
    if (pages[sp].role.invalid) list_add_link(sp, invalid_list);
    else list_move_link(sp, invalid_list);
    vm.n_used_mmu_pages -= 1;
  } else {
    list_del_link(sp);
    zapped_root = !is_obsolete_sp(sp);
  }
  pages[sp].role.invalid = true;
  if (zapped_root) kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  return list_unstable;
}

/**
 * `kvm_mmu_prepare_zap_page()`, since 5.1: the kernel declares a bool and returns the number of pages zapped, so a caller that counts
 * (`mmu_page_zap_pte()`) counts one, however many nested pages went.
 */
export function kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>): bool {
  const nr_zapped: Out<u32> = { value: 0 };
  __kvm_mmu_prepare_zap_page(sp, invalid_list, nr_zapped);
  return nr_zapped.value !== 0;
}

/** `kvm_mmu_free_page()`: off the hash, off its list, gone. */
export function kvm_mmu_free_page(sp: Ref<'pages'>): void {
  pages[sp].hashed = false;
  list_del_link(sp);
  free(sp);
}

/** `kvm_mmu_commit_zap_page()`: one flush, then all pages of the list are freed. An empty list does not even flush. */
export function kvm_mmu_commit_zap_page(invalid_list: Ref<'lists'>): void {
  if (listIsEmpty(lists[invalid_list].entries)) return;
  kvm_flush_remote_tlbs();
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = listFirst(lists[invalid_list].entries);
    if (sp === NULL) return;
    WARN_ON(!pages[sp].role.invalid || pages[sp].root_count !== 0);
    kvm_mmu_free_page(sp);
  }
}

/** `kvm_mmu_remote_flush_or_zap()`. */
export function kvm_mmu_remote_flush_or_zap(invalid_list: Ref<'lists'>, remote_flush: bool): void {
  if (!remote_flush && listIsEmpty(lists[invalid_list].entries)) return;
  if (!listIsEmpty(lists[invalid_list].entries)) kvm_mmu_commit_zap_page(invalid_list);
  else kvm_flush_remote_tlbs();
}
