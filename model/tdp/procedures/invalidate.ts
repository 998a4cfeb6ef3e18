/**
 * The retry protocol against changes of the host's mapping, and those who speak it (virt/kvm/kvm_main.c, arch/x86/kvm/mmu/mmu.c,
 * 6.8 to 6.12; 1.9, 2.15 and 2.17 of the facts). Left out: rmaps, which the shadow MMU has.
 */

import { acquire, type bool, fetchOr, holds, holdsExclusive, release, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { INVALID_GPA, SHARED_PFN } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs, kvm_flush_remote_tlbs_range } from './flush.ts';
import { kvm_tdp_mmu_unmap_gfn_range, kvm_tdp_mmu_zap_leafs } from './zap.ts';

/** `kvm_mmu_invalidate_begin()`. */
export function kvm_mmu_invalidate_begin(): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  vm.mmu_invalidate_in_progress += 1;
  if (vm.mmu_invalidate_in_progress === 1) {
    vm.mmu_invalidate_range_start = INVALID_GPA;
    vm.mmu_invalidate_range_end = INVALID_GPA;
  }
}
/** `kvm_mmu_invalidate_range_add()`: the range only grows while any event is under way. */
export function kvm_mmu_invalidate_range_add(start: u32, end: u32): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  WARN_ON(vm.mmu_invalidate_in_progress === 0);
  if (vm.mmu_invalidate_range_start === INVALID_GPA) {
    vm.mmu_invalidate_range_start = start;
    vm.mmu_invalidate_range_end = end;
  } else {
    if (start < vm.mmu_invalidate_range_start) vm.mmu_invalidate_range_start = start;
    if (end > vm.mmu_invalidate_range_end) vm.mmu_invalidate_range_end = end;
  }
}
/** `kvm_mmu_invalidate_end()`. */
export function kvm_mmu_invalidate_end(): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  vm.mmu_invalidate_seq += 1;
  vm.mmu_invalidate_in_progress -= 1;
}
/** `mmu_invalidate_retry_gfn()`. */
export function mmu_invalidate_retry_gfn(mmu_seq: u32, gfn: u32): bool {
  WARN_ON(!holds(vm.mmu_lock), 'I-24');
  if (vm.mmu_invalidate_in_progress !== 0) {
    if (WARN_ON(vm.mmu_invalidate_range_start === INVALID_GPA || vm.mmu_invalidate_range_end === INVALID_GPA)) return true;
  }
  if (vm.mmu_invalidate_in_progress !== 0 && gfn >= vm.mmu_invalidate_range_start && gfn < vm.mmu_invalidate_range_end) return true;
  return vm.mmu_invalidate_seq !== mmu_seq;
}

/** `kvm_zap_gfn_range()`: the range is zapped for a reason of KVM's own (MTRRs, APICv); the host frees nothing. */
export function kvm_zap_gfn_range(start: u32, end: u32): void {
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_begin();
  kvm_mmu_invalidate_range_add(start, end);
  const flush = kvm_tdp_mmu_zap_leafs(start, end, false);
  if (flush) kvm_flush_remote_tlbs_range(start, end - start);
  kvm_mmu_invalidate_end();
  release(vm.mmu_lock);
}

/** `kvm_mmu_notifier_invalidate_range_start()`, for the one slot. */
export function kvm_mmu_notifier_invalidate_range_start(start: u32, end: u32): void {
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_begin();
  kvm_mmu_invalidate_range_add(start, end);
  const flush = kvm_tdp_mmu_unmap_gfn_range(start, end, true, false);
  if (flush) kvm_flush_remote_tlbs();
  release(vm.mmu_lock);
}
/** `kvm_mmu_notifier_invalidate_range_end()`. */
export function kvm_mmu_notifier_invalidate_range_end(start: u32, end: u32): void {
  acquire(vm.mmu_lock);
  kvm_mmu_invalidate_end();
  release(vm.mmu_lock);
}

/** The host's memory management takes the pages behind [start, end) away: it unmaps them between start and end, and frees them. */
export function host_unmap(start: u32, end: u32): void {
  const gfns: u32 = (1 << end) - (1 << start);
  kvm_mmu_notifier_invalidate_range_start(start, end);
  fetchOr(vm.host_unmapped, gfns);
  fetchOr(vm.host_freed, SHARED_PFN ? 1 : gfns);
  kvm_mmu_notifier_invalidate_range_end(start, end);
}
