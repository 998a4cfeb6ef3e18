/**
 * Reading and clearing the dirty log, and user space that does (virt/kvm/kvm_main.c, 6.8 to 6.12; 2.18 of the facts).
 *
 * Vcpus are not kicked: what a PML buffer holds is in the harvest after it was drained, whenever that is.
 */
import { acquire, exchange, fetchAnd, release, rowAt, type u32, wait } from '../../../compiler/subset/vocabulary.ts';
import { MANUAL_PROTECT, VCPUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_arch_mmu_enable_log_dirty_pt_masked } from './clearDirtyMasked.ts';
import { kvm_enable_dirty_logging } from './dirtyLog.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';

/** `kvm_get_dirty_log_protect()`: reports the bits; without manual protection it clears them, too, and protects what they name. */
export function kvm_get_dirty_log_protect(): u32 {
  let mask: u32 = 0;
  acquire(vm.slots_lock);
  if (MANUAL_PROTECT) {
    mask = vm.dirty_bitmap;
  } else {
    acquire(vm.mmu_lock);
    mask = exchange(vm.dirty_bitmap, 0);
    if (mask !== 0) kvm_arch_mmu_enable_log_dirty_pt_masked(mask);
    release(vm.mmu_lock);
    if (mask !== 0) kvm_flush_remote_tlbs();
  }
  release(vm.slots_lock);
  return mask;
}

/** `kvm_clear_dirty_log_protect()`: of the bits that user space names, those that were set. */
export function kvm_clear_dirty_log_protect(named: u32): void {
  acquire(vm.slots_lock);
  acquire(vm.mmu_lock);
  const mask: u32 = named & fetchAnd(vm.dirty_bitmap, ~named);
  if (mask !== 0) kvm_arch_mmu_enable_log_dirty_pt_masked(mask);
  release(vm.mmu_lock);
  if (mask !== 0) kvm_flush_remote_tlbs();
  release(vm.slots_lock);
}

/** One round of user space, before it copies pages: it is told which, and clears all of them. */
export function harvest(): void {
  const mask = kvm_get_dirty_log_protect();
  if (MANUAL_PROTECT) kvm_clear_dirty_log_protect(mask);
}
/** The last harvest: vCPUs have stopped, so no fault is under way and no PML buffer holds anything. */
export function last_harvest(): void {
  for (let i: u32 = 0; i < VCPUS; i++) wait(vcpus[rowAt(vcpus, i)].done, 'vCPUs stop');
  harvest();
}
/** User space that copies guest memory: enables logging, harvests while the guest runs, and once more when it has stopped. */
export function migrate(): void {
  kvm_enable_dirty_logging();
  harvest();
  last_harvest();
}
