/**
 * Finding and making shadow pages, and the page quota (arch/x86/kvm/mmu/mmu.c, 5.11 to 5.19; 2.3 and 2.4 of the facts).
 *
 * Left out: what a table means for huge pages. The hash bucket is walked in the order of rows: at most one page of
 * a gfn and role is not obsolete, so the order decides nothing.
 */

import {
  alloc,
  type bool,
  isAllocated,
  listAdd,
  listLast,
  listPrevious,
  NULL,
  type Out,
  type Pointer,
  pointerRow,
  type Ref,
  rowAt,
  type Small,
  type s32,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import {
  ENOSPC,
  KVM_MIN_FREE_MMU_PAGES,
  KVM_REFILL_PAGES,
  LIST_ACTIVE_MMU_PAGES,
  LIST_INVALID,
  N_MAX_MMU_PAGES,
  PAGES,
  PG_LEVEL_4K,
  RMAPS,
} from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './remoteFlush.ts';
import { kvm_mmu_slot_gfn_write_protect } from './rmaps.ts';
import { sync_page } from './syncPage.ts';
import { __kvm_mmu_prepare_zap_page, is_obsolete_sp, kvm_mmu_commit_zap_page, kvm_mmu_prepare_zap_page } from './zap.ts';

/** `kvm_mmu_alloc_page()`: of the VM's generation, at the head of the active list, counted. */
export function kvm_mmu_alloc_page(): Ref<'pages'> {
  const sp = alloc(pages);
  pages[sp].mmu_valid_gen = vm.mmu_valid_gen;
  listAdd(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp);
  vm.n_used_mmu_pages += 1;
  return sp;
}

/** `account_shadowed()`: from now on no translation lets the guest write to the table; level 1 may go unsync later. */
export function account_shadowed(sp: Ref<'pages'>): void {
  vm.indirect_shadow_pages += 1;
  if (RMAPS && kvm_mmu_slot_gfn_write_protect(pages[sp].gfn)) kvm_flush_remote_tlbs();
}

/** Part of `kvm_mmu_get_page()`: an unsync page that is found is read again, but neither protected nor marked as synced. */
export function sync_found_page(sp: Ref<'pages'>): void {
  if (RMAPS && pages[sp].unsync && sync_page(sp)) kvm_flush_remote_tlbs();
}

/** Part of `kvm_mmu_get_page()`: who wants a higher table of the gfn gets an unsync page of it out of the way. */
export function zap_unsync_of_gfn(sp: Ref<'pages'>, gfn: u32, invalid_list: Ref<'lists'>): void {
  if (isAllocated(sp) && pages[sp].hashed && pages[sp].gfn === gfn && !is_obsolete_sp(sp) && pages[sp].unsync)
    kvm_mmu_prepare_zap_page(sp, invalid_list);
}

/**
 * `kvm_mmu_get_page()`, until 5.19: the page of that gfn and role that is not obsolete, or a new one. The role is the
 * one that the vCPU's MMU wants, at `level`.
 */
export function kvm_mmu_get_page(vcpu: Ref<'vcpus'>, gfn: u32, level: u32, direct: bool): Ref<'pages'> {
  const mmu = vcpus[vcpu].mmu;
  const invalid_list = rowAt(lists, LIST_INVALID);
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (RMAPS && level > PG_LEVEL_4K) zap_unsync_of_gfn(sp, gfn, invalid_list);
    if (
      isAllocated(sp) &&
      pages[sp].hashed &&
      pages[sp].gfn === gfn &&
      !is_obsolete_sp(sp) &&
      !pages[sp].role.invalid &&
      pages[sp].role.level === level &&
      pages[sp].role.direct === direct &&
      pages[sp].role.guest_mode === mmus[mmu].root_role.guest_mode
    ) {
      sync_found_page(sp);
      if (!direct) pages[sp].write_flooding_count = 0;
      if (RMAPS) kvm_mmu_commit_zap_page(invalid_list);
      return sp;
    }
  }
  const sp = kvm_mmu_alloc_page();
  pages[sp].gfn = gfn;
  pages[sp].role.level = level;
  pages[sp].role.direct = direct;
  pages[sp].role.guest_mode = mmus[mmu].root_role.guest_mode;
  pages[sp].hashed = true;
  if (!direct) account_shadowed(sp);
  if (RMAPS) kvm_mmu_commit_zap_page(invalid_list);
  return sp;
}

/** `kvm_mmu_get_child_sp()`: what a fault links at `sptep`. Until 5.19 its role is that of the vCPU's MMU, a level down, and never invalid. */
export function kvm_mmu_get_child_sp(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, gfn: u32, direct: bool): Ref<'pages'> {
  return kvm_mmu_get_page(vcpu, gfn, pages[pointerRow(sptep)].role.level - 1, direct);
}

/** `kvm_mmu_available_pages()`. */
export function kvm_mmu_available_pages(): u32 {
  if (N_MAX_MMU_PAGES > vm.n_used_mmu_pages) return N_MAX_MMU_PAGES - vm.n_used_mmu_pages;
  return 0;
}

/** `kvm_mmu_zap_oldest_mmu_pages()`, 5.11 and later: from the tail, roots in use are passed over. */
export function kvm_mmu_zap_oldest_mmu_pages(nr_to_zap: u32): u32 {
  const active = rowAt(lists, LIST_ACTIVE_MMU_PAGES);
  const invalid_list = rowAt(lists, LIST_INVALID);
  let total_zapped: Small<15> = 0;
  restart: while (true) {
    let sp = listLast(lists[active].entries);
    while (sp !== NULL) {
      const tmp = listPrevious(lists[active].entries, sp);
      if (pages[sp].root_count === 0) {
        const nr_zapped: Out<u32> = { value: 0 };
        const unstable = __kvm_mmu_prepare_zap_page(sp, invalid_list, nr_zapped);
        total_zapped += nr_zapped.value;
        if (total_zapped >= nr_to_zap) break restart;
        if (unstable) continue restart;
      }
      sp = tmp;
    }
    break;
  }
  kvm_mmu_commit_zap_page(invalid_list);
  return total_zapped;
}

/** `make_mmu_pages_available()`: 0 or -ENOSPC. */
export function make_mmu_pages_available(): s32 {
  const avail = kvm_mmu_available_pages();
  if (avail >= KVM_MIN_FREE_MMU_PAGES) return 0;
  kvm_mmu_zap_oldest_mmu_pages(KVM_REFILL_PAGES - avail);
  if (kvm_mmu_available_pages() === 0) return -ENOSPC;
  return 0;
}
