/**
 * Page faults of the TDP MMU (arch/x86/kvm/mmu/{mmu.c,tdp_mmu.c}, 6.8 to 6.12; 2.7 and 2.8 of the facts).
 *
 * Left out: the check of the invalidation range before the lookup, which saves work only; prefetch; NX huge pages; MMIO. The guest
 * may fault on anything at any time: spurious faults are legal.
 */

import {
  acquireShared,
  alloc,
  type bool,
  free,
  NULL,
  type Ref,
  releaseShared,
  type s32,
  type u32,
} from '../../../compiler/subset/vocabulary.ts';
import {
  AD_BITS,
  GUEST_WRITES,
  HUGE_LEVEL,
  HUGE_PAGES,
  PG_LEVEL_4K,
  PT_DIRTY_MASK,
  PT_WRITABLE_MASK,
  RET_PF_CONTINUE,
  RET_PF_FIXED,
  RET_PF_INVALID,
  RET_PF_RETRY,
  RET_PF_SPURIOUS,
  shadow_host_writable_mask,
  shadow_mmu_writable_mask,
} from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { fast_page_fault } from './fastFault.ts';
import { type Fault, mark_page_dirty } from './faultRecord.ts';
import { kvm_flush_remote_tlbs_range } from './flush.ts';
import { mmu_invalidate_retry_gfn } from './invalidate.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_set_spte_atomic } from './setSpte.ts';
import { tdp_mmu_split_huge_page } from './split.ts';
import {
  gfn_round_for_level,
  host_pfn,
  is_frozen_spte,
  is_last_spte,
  is_shadow_present_pte,
  is_writable_pte,
  make_leaf_spte,
  make_nonleaf_spte,
  pages_per_hpage,
} from './spte.ts';

/** `kvm_faultin_pfn()`, with the level that the slot's flags allow: reads the sequence, then looks the page up without `mmu_lock`. Where the host maps nothing the guest tries again. */
export function kvm_faultin_pfn(vcpu: Ref<'vcpus'>, fault: Fault): u32 {
  if (HUGE_PAGES && !fault.logging) fault.goal_level = HUGE_LEVEL;
  fault.mmu_seq = vm.mmu_invalidate_seq;
  if ((vm.host_unmapped & (1 << fault.gfn)) !== 0) return RET_PF_RETRY;
  fault.pfn = host_pfn(gfn_round_for_level(fault.gfn, fault.goal_level));
  return RET_PF_CONTINUE;
}

/** `is_page_fault_stale()`: the root is obsolete, or the page may have been taken away since. */
export function is_page_fault_stale(vcpu: Ref<'vcpus'>, fault: Fault): bool {
  if (pages[vcpus[vcpu].root].role.invalid) return true;
  return mmu_invalidate_retry_gfn(fault.mmu_seq, fault.gfn);
}

/**
 * `make_spte()` for a leaf: writable if the fault is a write or nothing is logged; the dirty bit is set before, unless a writable leaf is written
 * over (6.1, 6.12), which was marked dirty by itself.
 */
export function make_spte(fault: Fault, old_spte: u32): u32 {
  const writable: bool = fault.write || !fault.logging;
  if (writable && fault.logging) mark_page_dirty(fault.gfn);
  const overwrites: bool = is_shadow_present_pte(old_spte) && is_last_spte(old_spte) && is_writable_pte(old_spte);
  const dirty: u32 = AD_BITS && !overwrites ? PT_DIRTY_MASK : 0;
  const write_access: u32 = writable ? PT_WRITABLE_MASK | shadow_mmu_writable_mask | dirty : 0;
  return make_leaf_spte(fault.pfn, shadow_host_writable_mask | write_access);
}

/** `tdp_mmu_map_handle_target_level()`. A huge page may take the place of a table, which is emptied; the CPU may have cached what it held. */
export function tdp_mmu_map_handle_target_level(vcpu: Ref<'vcpus'>, fault: Fault, iter: TdpIter): u32 {
  const new_spte = make_spte(fault, iter.old_spte);
  if (new_spte === iter.old_spte) return RET_PF_SPURIOUS;
  if (tdp_mmu_set_spte_atomic(iter, new_spte) !== 0) return RET_PF_RETRY;
  if (is_shadow_present_pte(iter.old_spte) && !is_last_spte(iter.old_spte)) {
    kvm_flush_remote_tlbs_range(iter.gfn, pages_per_hpage(iter.level));
  }
  return RET_PF_FIXED;
}

/** `tdp_mmu_alloc_sp()` with `tdp_mmu_init_child_sp()`: a table for what the iterator is at. */
export function tdp_mmu_alloc_sp(iter: TdpIter): Ref<'pages'> {
  const sp = alloc(pages);
  pages[sp].role.level = iter.level - 1;
  pages[sp].gfn = iter.gfn;
  pages[sp].ptep = iter.sptep;
  return sp;
}
/** `tdp_mmu_link_sp()` in shared mode: 0 or -EBUSY. */
export function tdp_mmu_link_sp(iter: TdpIter, sp: Ref<'pages'>): s32 {
  return tdp_mmu_set_spte_atomic(iter, make_nonleaf_spte(sp));
}

/** `kvm_tdp_mmu_map()`: links tables from the root down, each by one compare-exchange, then sets the translation. */
export function kvm_tdp_mmu_map(vcpu: Ref<'vcpus'>, fault: Fault): u32 {
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
  let ret: u32 = RET_PF_RETRY;
  rcu_read_lock();
  tdp_iter_start(iter, vcpus[vcpu].root, PG_LEVEL_4K, fault.gfn);
  for (; iter.valid && iter.gfn <= fault.gfn; tdp_iter_next(iter)) {
    if (is_frozen_spte(iter.old_spte)) break;
    if (iter.level === fault.goal_level) {
      ret = tdp_mmu_map_handle_target_level(vcpu, fault, iter);
      break;
    }
    if (is_shadow_present_pte(iter.old_spte) && !is_last_spte(iter.old_spte)) continue;
    const sp = tdp_mmu_alloc_sp(iter);
    const r: s32 = is_shadow_present_pte(iter.old_spte) ? tdp_mmu_split_huge_page(iter, sp, true) : tdp_mmu_link_sp(iter, sp);
    if (r !== 0) {
      free(sp);
      break;
    }
  }
  rcu_read_unlock();
  return ret;
}

/** `kvm_tdp_mmu_page_fault()`. Where no guest writes to what is present already, nothing is there for the lock-free fault. */
export function kvm_tdp_mmu_page_fault(vcpu: Ref<'vcpus'>, fault: Fault): u32 {
  let r: u32 = GUEST_WRITES ? fast_page_fault(vcpu, fault) : RET_PF_INVALID;
  if (r !== RET_PF_INVALID) return r;
  r = kvm_faultin_pfn(vcpu, fault);
  if (r !== RET_PF_CONTINUE) return r;
  r = RET_PF_RETRY;
  acquireShared(vm.mmu_lock);
  if (!is_page_fault_stale(vcpu, fault)) r = kvm_tdp_mmu_map(vcpu, fault);
  releaseShared(vm.mmu_lock);
  return r;
}
