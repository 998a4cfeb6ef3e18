/**
 * Page faults of the shadow MMU (arch/x86/kvm/mmu/{mmu.c,paging_tmpl.h}, 5.16 to 2026: the stale check comes before
 * recycling; 2.6 of the facts).
 *
 * Left out: the lookup of the pfn and with it the notifier's retry test, since no host event is modelled; write
 * protection; huge pages; prefetch. Where guest tables are a fixed forest, the walk of them and the re-reads are left out,
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
  PT64_ENT_PER_PAGE,
  PT64_ROOT_LEVEL,
  RET_PF_EMULATE,
  RET_PF_FIXED,
  RET_PF_RETRY,
  SPTE_LAST_MASK,
} from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { type GuestWalker, gpte_changed, guest_table_gfn, shadow_pt_index, walk_addr, walked_pte } from './guestTables.ts';
import { kvm_test_request } from './requests.ts';
import { kvm_mmu_get_child_sp, make_mmu_pages_available } from './shadowPages.ts';
import { is_shadow_present_pte, make_nonleaf_spte, spte_to_child_sp } from './spte.ts';
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

/** `link_shadow_page()`: the hardware can use the subtree as soon as the SPTE is written. */
export function link_shadow_page(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, sp: Ref<'pages'>): void {
  put(sptep, make_nonleaf_spte(sp));
  mmu_page_add_parent_pte(sp, sptep);
}

/** `mmu_set_spte()`: a translation; which pfn it leads to is not modelled. */
export function mmu_set_spte(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>): void {
  put(sptep, SPTE_LAST_MASK);
}

/** Root of the walk: the page behind the current root, or the one that a special root's entry holds. */
export function shadow_walk_root(vcpu: Ref<'vcpus'>): Ref<'pages'> {
  const mmu = vcpus[vcpu].mmu;
  const sp = rowOf(mmus[mmu].root.hpa);
  if (sp !== NULL) return sp;
  return rowOf(mmus[mmu].pae_root[0]);
}

/** The gfn of the child that entry `index` of the table of `sp` is to link: `gw->table_gfn[level - 2]`, or what a direct table maps. */
export function child_gfn(sp: Ref<'pages'>, index: u32, addr: u32, walker: GuestWalker): u32 {
  if (pages[sp].role.direct) return direct_table_gfn(addr, pages[sp].role.level - 1);
  if (GUEST_FRAMES !== 0) return walked_pte(walker, pages[sp].role.level) - 1;
  return guest_table_gfn(pages[sp].gfn, index);
}

/**
 * `FNAME(fetch)()` and, for a direct MMU, `direct_map()`: links tables from the root down, then sets the translation. A child
 * that was made before its guest entry turned out to have changed stays, without a parent.
 */
export function fetch(vcpu: Ref<'vcpus'>, addr: u32, walker: GuestWalker): u32 {
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
        if (GUEST_FRAMES !== 0 && !direct && gpte_changed(vcpu, walker, addr, level - 1)) return RET_PF_RETRY;
        link_shadow_page(vcpu, sptep, child);
        sp = child;
      }
    }
  }
  mmu_set_spte(vcpu, pointerTo(pages, sp, 'spt', shadow_pt_index(addr, PG_LEVEL_4K)));
  return RET_PF_FIXED;
}

/** `FNAME(page_fault)()` and `direct_page_fault()`: the walk of the guest's tables, then what needs `mmu_lock`. */
export function kvm_mmu_page_fault(vcpu: Ref<'vcpus'>, addr: u32): u32 {
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  if (GUEST_FRAMES !== 0 && !mmus[vcpus[vcpu].mmu].root_role.direct && !walk_addr(walker, vcpu, addr)) return RET_PF_EMULATE;
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  if (!is_page_fault_stale(vcpu)) {
    const available: s32 = make_mmu_pages_available();
    if (available === 0) r = fetch(vcpu, addr, walker);
  }
  release(vm.mmu_lock);
  return r;
}
