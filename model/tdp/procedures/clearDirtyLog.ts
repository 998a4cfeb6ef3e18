/**
 * KVM_CLEAR_DIRTY_LOG with "initially all set" (virt/kvm/kvm_main.c, arch/x86/kvm/mmu/mmu.c, 6.8 to 6.12; 2.18 of the facts): the huge pages
 * over the gfns that user space names are split first, with the write lock. No flush is looked at here.
 */
import { acquire, fetchAnd, release, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { CLEARED_GFNS, GFNS, PG_LEVEL_4K } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { kvm_tdp_mmu_try_split_huge_pages } from './splitHuge.ts';

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

/** `kvm_arch_mmu_enable_log_dirty_pt_masked()`, 6.8 and later: the end of the range is exclusive. */
export function kvm_arch_mmu_enable_log_dirty_pt_masked(mask: u32): void {
  const start = first_bit(mask);
  const end = last_bit(mask);
  kvm_tdp_mmu_try_split_huge_pages(start, end + 1, PG_LEVEL_4K, false);
}

/** `kvm_clear_dirty_log_protect()`. */
export function kvm_clear_dirty_log_protect(): void {
  acquire(vm.slots_lock);
  acquire(vm.mmu_lock);
  fetchAnd(vm.dirty_bitmap, ~CLEARED_GFNS);
  kvm_arch_mmu_enable_log_dirty_pt_masked(CLEARED_GFNS);
  release(vm.mmu_lock);
  kvm_flush_remote_tlbs();
  release(vm.slots_lock);
}
