/**
 * Making writes to single gfns show again, with the write lock (arch/x86/kvm/mmu/{mmu.c,tdp_mmu.c}, 6.8 to 6.12; 2.18 of the facts).
 */
import { type bool, holdsExclusive, listFirst, NULL, type Ref, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import {
  AD_BITS,
  GFNS,
  INITIALLY_SET,
  PG_LEVEL_2M,
  PG_LEVEL_4K,
  PT_DIRTY_MASK,
  PT_WRITABLE_MASK,
  shadow_mmu_writable_mask,
} from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { kvm_set_pfn_dirty, tdp_mmu_clear_spte_bits, tdp_mmu_iter_set_spte } from './setSpte.ts';
import { kvm_tdp_mmu_try_split_huge_pages } from './splitHuge.ts';
import { gfn_round_for_level, is_last_spte, is_shadow_present_pte, pages_per_hpage, spte_to_pfn } from './spte.ts';

/** `clear_dirty_pt_masked()`: D, or W, of the 4K leaves of the gfns of `mask`, which begins at `gfn`. */
export function clear_dirty_pt_masked(root: Ref<'pages'>, gfn: u32, mask: u32, wrprot: bool): void {
  const dbit: u32 = wrprot || !AD_BITS ? PT_WRITABLE_MASK : PT_DIRTY_MASK;
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
  let left = mask;
  rcu_read_lock();
  tdp_iter_start(iter, root, PG_LEVEL_4K, gfn + first_bit(mask));
  for (; iter.valid && iter.gfn < GFNS; tdp_iter_next(iter)) {
    if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) continue;
    if (left === 0) break;
    if (iter.level > PG_LEVEL_4K || (left & (1 << (iter.gfn - gfn))) === 0) continue;
    left = left & ~(1 << (iter.gfn - gfn));
    if ((iter.old_spte & dbit) === 0) continue;
    iter.old_spte = tdp_mmu_clear_spte_bits(iter.sptep, iter.old_spte, dbit);
    kvm_set_pfn_dirty(spte_to_pfn(iter.old_spte));
  }
  rcu_read_unlock();
}
/** `kvm_tdp_mmu_clear_dirty_pt_masked()`: with the write lock no root goes, so none is taken. */
export function kvm_tdp_mmu_clear_dirty_pt_masked(gfn: u32, mask: u32, wrprot: bool): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (!pages[root].role.invalid) clear_dirty_pt_masked(root, gfn, mask, wrprot);
  }
}

/** `write_protect_gfn()`: the leaf that maps `gfn` loses W and MMU-writable, so that a lock-free fault does not give W back. */
export function write_protect_gfn(root: Ref<'pages'>, gfn: u32, min_level: u32): void {
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
  rcu_read_lock();
  tdp_iter_start(iter, root, min_level, gfn);
  for (; iter.valid && iter.gfn < gfn + 1; tdp_iter_next(iter)) {
    if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) continue;
    const new_spte: u32 = iter.old_spte & ~(PT_WRITABLE_MASK | shadow_mmu_writable_mask);
    if (new_spte === iter.old_spte) break;
    tdp_mmu_iter_set_spte(iter, new_spte);
  }
  rcu_read_unlock();
}
/** `kvm_tdp_mmu_write_protect_gfn()`. */
export function kvm_tdp_mmu_write_protect_gfn(gfn: u32, min_level: u32): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (!pages[root].role.invalid) write_protect_gfn(root, gfn, min_level);
  }
}
/** `kvm_mmu_slot_gfn_write_protect()`. */
export function kvm_mmu_slot_gfn_write_protect(gfn: u32, min_level: u32): void {
  kvm_tdp_mmu_write_protect_gfn(gfn, min_level);
}

/** `__ffs()`. */
export function first_bit(mask: u32): u32 {
  for (let i: u32 = 0; i < GFNS; i++) {
    if ((mask & (1 << i)) !== 0) return i;
  }
  return GFNS;
}
/** `__fls()`. */
export function last_bit(mask: u32): u32 {
  let last: u32 = 0;
  for (let i: u32 = 0; i < GFNS; i++) {
    if ((mask & (1 << i)) !== 0) last = i;
  }
  return last;
}

/** Splits the huge pages over the gfns of `mask`, 6.8 and later: the end of the range is exclusive. */
export function split_pt_masked(mask: u32): void {
  kvm_tdp_mmu_try_split_huge_pages(first_bit(mask), last_bit(mask) + 1, PG_LEVEL_4K, false);
}
/** `ALIGN()` rounds up: a last gfn that begins the second of two huge pages is taken to be in the first. */
export function cross_two_large_pages(start: u32, end: u32): bool {
  const most = pages_per_hpage(PG_LEVEL_2M) - 1;
  return gfn_round_for_level(start + most, PG_LEVEL_2M) !== gfn_round_for_level(end + most, PG_LEVEL_2M);
}
/** `kvm_arch_mmu_enable_log_dirty_pt_masked()`: pages that were never protected may still be huge; what cannot be split is. */
export function kvm_arch_mmu_enable_log_dirty_pt_masked(mask: u32): void {
  if (INITIALLY_SET) {
    const start = first_bit(mask);
    const end = last_bit(mask);
    split_pt_masked(mask);
    kvm_mmu_slot_gfn_write_protect(start, PG_LEVEL_2M);
    if (cross_two_large_pages(start, end)) kvm_mmu_slot_gfn_write_protect(end, PG_LEVEL_2M);
  }
  // With PML, which needs D bits, their absence makes the hardware log a write.
  kvm_tdp_mmu_clear_dirty_pt_masked(0, mask, !AD_BITS);
}
