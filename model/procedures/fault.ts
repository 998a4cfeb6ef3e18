/**
 * Page faults of the shadow MMU (arch/x86/kvm/mmu/{mmu.c,paging_tmpl.h}, 5.16 to 2026: the stale check comes before
 * recycling; 2.6 of the facts).
 *
 * Left out: the lookup of the pfn and with it the notifier's retry test, since no host event is modelled;
 * huge pages; prefetch. Without rmaps translations have no W, so that every fault is one that reads. Where guest tables are a fixed forest, the walk of them and the re-reads are left out,
 * too: they could find nothing else. The guest may fault on anything at any time: spurious faults are legal.
 */

import {
  acquire,
  at,
  type bool,
  NULL,
  type Pointer,
  pointerTo,
  put,
  type Ref,
  release,
  rowOf,
  type s32,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import {
  GUEST_FRAMES,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS,
  PG_LEVEL_4K,
  PT_WRITABLE_MASK,
  PT64_ENT_PER_PAGE,
  PT64_ROOT_LEVEL,
  RET_PF_EMULATE,
  RET_PF_FIXED,
  RET_PF_RETRY,
  RMAPS,
  SPTE_LAST_MASK,
} from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { guest_table_gfn, shadow_pt_index } from './guestMemory.ts';
import { type GuestWalker, gpte_changed, walk_addr, walked_pte } from './guestTables.ts';
import { kvm_flush_remote_tlbs } from './remoteFlush.ts';
import { kvm_test_request } from './requests.ts';
import { drop_spte, rmap_add } from './rmaps.ts';
import { kvm_mmu_get_child_sp, make_mmu_pages_available } from './shadowPages.ts';
import { is_shadow_present_pte, is_writable_pte, make_nonleaf_spte, spte_to_child_sp, spte_to_pfn } from './spte.ts';
import { mmu_sync_children } from './sync.ts';
import { mark_unsync } from './unsync.ts';
import { mmu_try_to_unsync_pages } from './writeProtection.ts';
import { is_obsolete_sp, mmu_page_add_parent_pte } from './zap.ts';

/** First gfn that a direct table of `level` maps, if it translates `addr`. */
export function direct_table_gfn(addr: u32, level: u32): u32 {
  let size: u32 = 1;
  for (let l: u32 = 0; l < PT64_ROOT_LEVEL; l++) {
    if (l < level) size = size * PT64_ENT_PER_PAGE;
  }
  return addr - (addr % size);
}

/** `is_page_fault_stale()`, 5.18 and later. */
export function is_page_fault_stale(vcpu: Ref<'vcpus'>): bool {
  const sp = rowOf(mmus[vcpus[vcpu].mmu].root.hpa);
  if (sp !== NULL && is_obsolete_sp(sp)) return true;
  if (sp === NULL && kvm_test_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu)) return true;
  return false;
}

/** `link_shadow_page()`: the hardware can use the subtree as soon as the SPTE is written. The caller knows that the entry is empty. */
export function link_shadow_page(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, sp: Ref<'pages'>): void {
  put(sptep, make_nonleaf_spte(sp));
  mmu_page_add_parent_pte(sp, sptep);
  if (RMAPS && (pages[sp].unsync_children !== 0 || pages[sp].unsync)) mark_unsync(sptep);
}

/**
 * `make_spte()`: a translation, with W if `write`, unless the gfn must stay protected. Pages that shadow the gfn are unsync before
 * the SPTE is written.
 */
export function make_spte(gfn: u32, old_spte: u32, write: bool): u32 {
  const spte: u32 = SPTE_LAST_MASK | gfn;
  if (!write) return spte;
  if (is_shadow_present_pte(old_spte) && is_writable_pte(old_spte)) return spte | PT_WRITABLE_MASK;
  if (mmu_try_to_unsync_pages(gfn)) return spte;
  return spte | PT_WRITABLE_MASK;
}

/** `mmu_set_spte()`: a translation to `gfn`. A read that is spurious takes no W away. */
export function mmu_set_spte(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, gfn: u32, write: bool): u32 {
  if (!RMAPS) {
    put(sptep, SPTE_LAST_MASK);
    return RET_PF_FIXED;
  }
  let flush: bool = false;
  let old_spte = at(sptep);
  if (is_shadow_present_pte(old_spte) && spte_to_pfn(old_spte) !== gfn) {
    drop_spte(sptep);
    old_spte = 0;
    flush = true;
  }
  if (is_shadow_present_pte(old_spte) && !write) return RET_PF_FIXED;
  const spte = make_spte(gfn, old_spte, write);
  put(sptep, spte);
  if (flush) kvm_flush_remote_tlbs();
  if (!is_shadow_present_pte(old_spte)) rmap_add(gfn, sptep);
  if (write && !is_writable_pte(spte)) return RET_PF_EMULATE;
  return RET_PF_FIXED;
}

/** Root of the walk: the page behind the current root, or the one that a special root's entry holds. */
export function shadow_walk_root(vcpu: Ref<'vcpus'>): Ref<'pages'> {
  const mmu = vcpus[vcpu].mmu;
  const sp = rowOf(mmus[mmu].root.hpa);
  if (sp !== NULL) return sp;
  return rowOf(mmus[mmu].pae_root[0]);
}

/**
 * The gfn that entry `index` of the table of `sp` is to lead to: of a table `gw->table_gfn[level - 2]`, of a page `gw->gfn`, or what a
 * direct table maps.
 */
export function child_gfn(sp: Ref<'pages'>, index: u32, addr: u32, walker: GuestWalker): u32 {
  if (pages[sp].role.direct) return direct_table_gfn(addr, pages[sp].role.level - 1);
  if (GUEST_FRAMES !== 0) return walked_pte(walker, pages[sp].role.level) - 1;
  return guest_table_gfn(pages[sp].gfn, index);
}

/**
 * Part of `FNAME(fetch)()`: what is out of date below a table that is about to be linked is read again, since the guest need not flush when
 * it makes an entry present. True: that was interrupted.
 */
export function sync_before_link(vcpu: Ref<'vcpus'>, child: Ref<'pages'>): bool {
  return RMAPS && pages[child].unsync_children !== 0 && mmu_sync_children(vcpu, child, false);
}

/**
 * `FNAME(fetch)()` and, for a direct MMU, `direct_map()`: links tables from the root down, then sets the translation. A child
 * that was made before its guest entry turned out to have changed stays, without a parent.
 */
export function fetch(vcpu: Ref<'vcpus'>, addr: u32, walker: GuestWalker, write: bool): u32 {
  const direct = mmus[vcpus[vcpu].mmu].root_role.direct;
  let sp = shadow_walk_root(vcpu);
  if (GUEST_FRAMES !== 0 && !direct && gpte_changed(vcpu, walker, addr, pages[sp].role.level)) return RET_PF_RETRY;
  for (let depth: u32 = 1; depth < PT64_ROOT_LEVEL; depth++) {
    const level = pages[sp].role.level;
    if (level > PG_LEVEL_4K) {
      if (!direct) pages[sp].write_flooding_count = 0;
      const index = shadow_pt_index(addr, level);
      const sptep = pointerTo(pages, sp, 'spt', index);
      const pte = at(sptep);
      if (is_shadow_present_pte(pte)) {
        if (GUEST_FRAMES !== 0 && !direct && gpte_changed(vcpu, walker, addr, level - 1)) return RET_PF_RETRY;
        sp = spte_to_child_sp(pte);
      } else {
        const child = kvm_mmu_get_child_sp(vcpu, sptep, child_gfn(sp, index, addr, walker), direct);
        if (sync_before_link(vcpu, child)) return RET_PF_RETRY;
        if (GUEST_FRAMES !== 0 && !direct && gpte_changed(vcpu, walker, addr, level - 1)) return RET_PF_RETRY;
        link_shadow_page(vcpu, sptep, child);
        sp = child;
      }
    }
  }
  const index = shadow_pt_index(addr, PG_LEVEL_4K);
  return mmu_set_spte(vcpu, pointerTo(pages, sp, 'spt', index), RMAPS ? child_gfn(sp, index, addr, walker) : 0, write);
}

/** `direct_page_fault()` of the shadow MMU: no table of the guest is walked. */
export function direct_page_fault(vcpu: Ref<'vcpus'>, addr: u32, write: bool): u32 {
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  if (!is_page_fault_stale(vcpu)) {
    const available: s32 = make_mmu_pages_available();
    if (available === 0) r = fetch(vcpu, addr, walker, write);
  }
  release(vm.mmu_lock);
  return r;
}

/** `kvm_mmu_do_page_fault()`, and `FNAME(page_fault)()`: the walk of the guest's tables, then what needs `mmu_lock`. */
export function kvm_mmu_do_page_fault(vcpu: Ref<'vcpus'>, addr: u32, write: bool): u32 {
  if (mmus[vcpus[vcpu].mmu].root_role.direct) return direct_page_fault(vcpu, addr, write);
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  if (GUEST_FRAMES !== 0 && !walk_addr(walker, vcpu, addr)) return RET_PF_EMULATE;
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  if (!is_page_fault_stale(vcpu)) {
    const available: s32 = make_mmu_pages_available();
    if (available === 0) r = fetch(vcpu, addr, walker, write);
  }
  release(vm.mmu_lock);
  return r;
}

/** `kvm_mmu_page_fault()` of an access that reads. */
export function kvm_mmu_page_fault(vcpu: Ref<'vcpus'>, addr: u32): u32 {
  return kvm_mmu_do_page_fault(vcpu, addr, false);
}
