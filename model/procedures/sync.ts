/**
 * Bringing unsync pages up to date, when the guest flushes its TLB or a fault links their parent (arch/x86/kvm/mmu/{mmu.c,
 * paging_tmpl.h}, 5.18 to 6.12; 2.22 of the facts).
 *
 * The prefetch behind INVLPG is left out.
 */

import {
  acquire,
  at,
  type bool,
  chooseFair,
  NULL,
  pointerTo,
  type Ref,
  type Root,
  release,
  rowAt,
  rowOf,
  type u32,
  WARN_ON,
} from '../../compiler/subset/vocabulary.ts';
import {
  KVM_MMU_NUM_PREV_ROOTS,
  KVM_REQ_MMU_SYNC,
  KVM_REQ_TLB_FLUSH_CURRENT,
  LIST_INVALID,
  PT64_ROOT_LEVEL,
  RMAPS,
} from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { shadow_pt_index } from './guestMemory.ts';
import { kvm_flush_remote_tlbs } from './remoteFlush.ts';
import { kvm_make_request } from './requests.ts';
import { kvm_mmu_slot_gfn_write_protect } from './rmaps.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from './spte.ts';
import { sync_page } from './syncPage.ts';
import { kvm_unlink_unsync_page, mmu_pages_clear_parents, mmu_unsync_walk, type UnsyncPath } from './unsync.ts';
import { kvm_mmu_remote_flush_or_zap, mmu_page_zap_pte } from './zap.ts';

/**
 * `mmu_sync_children()`: protects what the unsync pages below shadow, flushes, then reads the guest's entries again. True: it was to make
 * way for others, which a caller that may not yield hears of (-EINTR).
 */
export function mmu_sync_children(vcpu: Ref<'vcpus'>, parent: Ref<'pages'>, can_yield: bool): bool {
  const invalid_list = rowAt(lists, LIST_INVALID);
  let flush: bool = false;
  const path: UnsyncPath = { sp: NULL, parent2: NULL, idx2: 0, parent3: NULL, idx3: 0, parent4: NULL, idx4: 0 };
  while (mmu_unsync_walk(path, parent)) {
    if (kvm_mmu_slot_gfn_write_protect(pages[path.sp].gfn)) {
      kvm_mmu_remote_flush_or_zap(invalid_list, true);
      flush = false;
    }
    kvm_unlink_unsync_page(path.sp);
    if (sync_page(path.sp)) flush = true;
    mmu_pages_clear_parents(path);
    if (chooseFair('reschedule')) {
      kvm_mmu_remote_flush_or_zap(invalid_list, flush);
      if (!can_yield) {
        kvm_make_request(KVM_REQ_MMU_SYNC, vcpu);
        return true;
      }
      release(vm.mmu_lock);
      acquire(vm.mmu_lock);
      flush = false;
    }
  }
  kvm_mmu_remote_flush_or_zap(invalid_list, flush);
  return false;
}

/** `is_unsync_root()`: reads the marks without `mmu_lock`. */
export function is_unsync_root(hpa: Root<'pages', 1>): bool {
  if (hpa === NULL) return false;
  const sp = rowOf(hpa);
  if (sp === NULL) return false;
  if (pages[sp].unsync) return true;
  return pages[sp].unsync_children !== 0;
}

/** `kvm_mmu_sync_roots()`: everything below the current root. */
export function kvm_mmu_sync_roots(vcpu: Ref<'vcpus'>): void {
  const mmu = vcpus[vcpu].mmu;
  if (!RMAPS || mmus[mmu].root_role.direct) return;
  if (!is_unsync_root(mmus[mmu].root.hpa)) return;
  acquire(vm.mmu_lock);
  mmu_sync_children(vcpu, rowOf(mmus[mmu].root.hpa), true);
  release(vm.mmu_lock);
}

/** `FNAME(invlpg)()`: an unsync page loses its entry for `addr`. The walk ends where nothing below is unsync. */
export function invlpg(vcpu: Ref<'vcpus'>, addr: u32, root_hpa: Root<'pages', 1>): void {
  let sp = rowOf(root_hpa);
  if (sp === NULL) return;
  acquire(vm.mmu_lock);
  for (let depth: u32 = 0; depth < PT64_ROOT_LEVEL; depth++) {
    const sptep = pointerTo(pages, sp, 'spt', shadow_pt_index(addr, pages[sp].role.level));
    const old_spte = at(sptep);
    if (is_shadow_present_pte(old_spte) && is_last_spte(old_spte)) {
      if (!pages[sp].unsync) break;
      mmu_page_zap_pte(sptep, NULL);
      kvm_flush_remote_tlbs();
    }
    if (pages[sp].unsync_children === 0 || !is_shadow_present_pte(old_spte)) break;
    sp = spte_to_child_sp(old_spte);
  }
  release(vm.mmu_lock);
}

/** `static_call(kvm_x86_flush_tlb_gva)()`: drops the one translation, which no property counts on. */
export function kvm_x86_flush_tlb_gva(vcpu: Ref<'vcpus'>, addr: u32): void {
  WARN_ON(vcpu === NULL);
}

/** `kvm_mmu_invlpg()` with `kvm_mmu_invalidate_gva()`: the current root and all cached ones. */
export function kvm_mmu_invlpg(vcpu: Ref<'vcpus'>, addr: u32): void {
  const mmu = vcpus[vcpu].mmu;
  kvm_x86_flush_tlb_gva(vcpu, addr);
  if (mmus[mmu].root.hpa !== NULL) invlpg(vcpu, addr, mmus[mmu].root.hpa);
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (mmus[mmu].prev_roots[i].hpa !== NULL) invlpg(vcpu, addr, mmus[mmu].prev_roots[i].hpa);
  }
}

/** `kvm_invalidate_pcid()`: the guest loaded CR3 without the no-flush bit. */
export function kvm_invalidate_pcid(vcpu: Ref<'vcpus'>): void {
  kvm_make_request(KVM_REQ_MMU_SYNC, vcpu);
  kvm_make_request(KVM_REQ_TLB_FLUSH_CURRENT, vcpu);
}
