/**
 * Changes of SPTEs and what each of them entails (arch/x86/kvm/mmu/tdp_mmu.c, 6.8 to 6.12; 2.13 and 2.14 of the facts).
 *
 * Left out: statistics, NX accounting, A bits.
 */

import {
  at,
  BUG_ON,
  type bool,
  compareExchange,
  exchange,
  fetchAnd,
  holdsExclusive,
  holdsShared,
  mark,
  type Pointer,
  pointerTo,
  put,
  type Ref,
  type s32,
  type u32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { EBUSY, FROZEN_SPTE, SHADOW_NONPRESENT_VALUE, SPTE_ENT_PER_PAGE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs_range } from './flush.ts';
import type { TdpIter } from './iter.ts';
import { call_rcu } from './rcu.ts';
import {
  is_dirty_spte,
  is_frozen_spte,
  is_last_spte,
  is_shadow_present_pte,
  kvm_tdp_mmu_read_spte,
  pages_per_hpage,
  spte_has_volatile_bits,
  spte_to_child_sp,
  spte_to_pfn,
} from './spte.ts';

/** `kvm_set_pfn_dirty()`: the host learns that the guest has written to the page. Recorders keep it. */
export function kvm_set_pfn_dirty(pfn: u32): void {
  mark('page dirty');
}

/** `kvm_tdp_mmu_spte_need_atomic_write()`. */
export function kvm_tdp_mmu_spte_need_atomic_write(old_spte: u32): bool {
  return is_shadow_present_pte(old_spte) && is_last_spte(old_spte) && spte_has_volatile_bits(old_spte);
}
/** `kvm_tdp_mmu_write_spte()`, with `mmu_lock` for write: a plain store where nothing can change meanwhile. Gives what was there. */
export function kvm_tdp_mmu_write_spte(sptep: Pointer<'pages', 'spt'>, old_spte: u32, new_spte: u32): u32 {
  if (kvm_tdp_mmu_spte_need_atomic_write(old_spte)) return exchange(at(sptep), new_spte);
  put(sptep, new_spte);
  return old_spte;
}
/** `tdp_mmu_clear_spte_bits()`, with `mmu_lock` for write. */
export function tdp_mmu_clear_spte_bits(sptep: Pointer<'pages', 'spt'>, old_spte: u32, mask: u32): u32 {
  if (kvm_tdp_mmu_spte_need_atomic_write(old_spte)) return fetchAnd(at(sptep), ~mask);
  put(sptep, old_spte & ~mask);
  return old_spte;
}

/** Takes the SPTE of a table that was removed in shared mode: waits while another thread is in the middle of it. */
export function freeze_removed_spte(sptep: Pointer<'pages', 'spt'>): u32 {
  while (true) {
    const old_spte = exchange(at(sptep), FROZEN_SPTE);
    if (!is_frozen_spte(old_spte)) return old_spte;
  }
}

/** `handle_removed_pt()`: empties a table that this thread has unlinked, with all below it, and frees it after a grace period. */
export function handle_removed_pt(sp: Ref<'pages'>, shared: bool): void {
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    const sptep = pointerTo(pages, sp, 'spt', i);
    if (shared) {
      const old_spte = freeze_removed_spte(sptep);
      hand_dirty_on(old_spte, FROZEN_SPTE);
      if (is_shadow_present_pte(old_spte) && !is_last_spte(old_spte)) handle_removed_leaf_table(spte_to_child_sp(old_spte), true);
    } else {
      const seen = kvm_tdp_mmu_read_spte(sptep);
      if (!is_shadow_present_pte(seen)) continue;
      const old_spte = kvm_tdp_mmu_write_spte(sptep, seen, FROZEN_SPTE);
      hand_dirty_on(old_spte, FROZEN_SPTE);
      if (!is_last_spte(old_spte)) handle_removed_leaf_table(spte_to_child_sp(old_spte), false);
    }
  }
  call_rcu(sp);
}
/** The recursion of `handle_removed_pt()`, which with three levels goes one deep: a table of level 1. */
export function handle_removed_leaf_table(sp: Ref<'pages'>, shared: bool): void {
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    const sptep = pointerTo(pages, sp, 'spt', i);
    if (shared) hand_dirty_on(freeze_removed_spte(sptep), FROZEN_SPTE);
    else {
      const seen = kvm_tdp_mmu_read_spte(sptep);
      if (is_shadow_present_pte(seen)) hand_dirty_on(kvm_tdp_mmu_write_spte(sptep, seen, FROZEN_SPTE), FROZEN_SPTE);
    }
  }
  call_rcu(sp);
}

/** The part of `handle_changed_spte()` that tells the host of a page written to, before its SPTE forgets. A link is to another pfn. */
export function hand_dirty_on(old_spte: u32, new_spte: u32): void {
  if (!is_shadow_present_pte(old_spte) || !is_last_spte(old_spte) || !is_dirty_spte(old_spte)) return;
  const pfn_changed = !is_last_spte(new_spte) || spte_to_pfn(old_spte) !== spte_to_pfn(new_spte);
  if (!is_shadow_present_pte(new_spte) || !is_dirty_spte(new_spte) || pfn_changed) kvm_set_pfn_dirty(spte_to_pfn(old_spte));
}

/** `handle_changed_spte()`: a leaf never changes its pfn; D goes to the host's page; a table that is unlinked is emptied. */
export function handle_changed_spte(old_spte: u32, new_spte: u32, shared: bool): void {
  const was_present = is_shadow_present_pte(old_spte);
  const was_leaf = was_present && is_last_spte(old_spte);
  const is_present = is_shadow_present_pte(new_spte);
  const is_leaf = is_present && is_last_spte(new_spte);
  BUG_ON(was_leaf && is_leaf && spte_to_pfn(old_spte) !== spte_to_pfn(new_spte), 'I-42');
  WARN_ON(!was_present && !is_present && old_spte !== new_spte && !is_frozen_spte(new_spte), 'I-44');
  hand_dirty_on(old_spte, new_spte);
  if (was_present && !was_leaf && (is_leaf || !is_present)) handle_removed_pt(spte_to_child_sp(old_spte), shared);
}

/** `__tdp_mmu_set_spte_atomic()`: on failure `old_spte` is what is there now. */
export function __tdp_mmu_set_spte_atomic(iter: TdpIter, new_spte: u32): s32 {
  WARN_ON(iter.yielded);
  WARN_ON(is_frozen_spte(iter.old_spte), 'I-43');
  const expected: u32 = iter.old_spte;
  const found = compareExchange(at(iter.sptep), expected, new_spte);
  if (found !== expected) {
    iter.old_spte = found;
    return -EBUSY;
  }
  return 0;
}

/** `tdp_mmu_set_spte_atomic()`: 0 or -EBUSY. */
export function tdp_mmu_set_spte_atomic(iter: TdpIter, new_spte: u32): s32 {
  WARN_ON(!holdsShared(vm.mmu_lock), 'I-24');
  if (__tdp_mmu_set_spte_atomic(iter, new_spte) !== 0) return -EBUSY;
  handle_changed_spte(iter.old_spte, new_spte, true);
  return 0;
}

/** `tdp_mmu_zap_spte_atomic()`, 6.8 and later: frozen, flushed, emptied, and only then the bookkeeping. */
export function tdp_mmu_zap_spte_atomic(iter: TdpIter): s32 {
  WARN_ON(!holdsShared(vm.mmu_lock), 'I-24');
  if (__tdp_mmu_set_spte_atomic(iter, FROZEN_SPTE) !== 0) return -EBUSY;
  kvm_flush_remote_tlbs_range(iter.gfn, pages_per_hpage(iter.level));
  put(iter.sptep, SHADOW_NONPRESENT_VALUE);
  handle_changed_spte(iter.old_spte, SHADOW_NONPRESENT_VALUE, true);
  return 0;
}

/** `tdp_mmu_set_spte()`: with `mmu_lock` for write; `seen` is what the caller read. Gives what was there. */
export function tdp_mmu_set_spte(sptep: Pointer<'pages', 'spt'>, seen: u32, new_spte: u32): u32 {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  WARN_ON(is_frozen_spte(seen) || is_frozen_spte(new_spte), 'I-43');
  const old_spte = kvm_tdp_mmu_write_spte(sptep, seen, new_spte);
  handle_changed_spte(old_spte, new_spte, false);
  return old_spte;
}

/** `tdp_mmu_iter_set_spte()`. */
export function tdp_mmu_iter_set_spte(iter: TdpIter, new_spte: u32): void {
  WARN_ON(iter.yielded);
  iter.old_spte = tdp_mmu_set_spte(iter.sptep, iter.old_spte, new_spte);
}
