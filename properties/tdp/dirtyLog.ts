/**
 * Hooks that keep what properties of dirty logging read: writes of guests that no harvest has reported, harvests under way.
 */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { AD_BITS } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Hook } from '../property.ts';
import { hardware } from './recorders.ts';

export const dirtyLog: readonly Hook[] = [
  ...hardware,
  { event: { on: 'return', procedure: 'kvm_enable_dirty_logging' }, procedure: 'record_logging_settled' },
  { event: { on: 'write', table: 'vm', field: 'dirty_bitmap' }, procedure: 'record_harvest' },
  { event: { on: 'return', procedure: 'kvm_get_dirty_log_protect' }, procedure: 'record_harvest_returns' },
  { event: { on: 'return', procedure: 'kvm_clear_dirty_log_protect' }, procedure: 'record_clear_returns' },
  { event: { on: 'call', procedure: 'fast_page_fault' }, procedure: 'record_fast_fault_begins' },
  { event: { on: 'return', procedure: 'fast_page_fault' }, procedure: 'record_fast_fault_ends' },
];
/** From here on every write that completes has to be reported. */
export function record_logging_settled(): void {
  vm.loggingSettled = true;
}
/** Bits are cleared by those who report them only. */
export function record_harvest(before: u32, after: u32): void {
  vm.harvesting = vm.harvesting | (before & ~after);
}
/** What was reported may be copied now, with every write that completed until now. */
export function record_harvest_returns(reported: u32): void {
  vm.writtenUnreported = vm.writtenUnreported & ~vm.harvesting;
  vm.harvesting = 0;
}
export function record_clear_returns(named: u32): void {
  record_harvest_returns(named);
}
export function record_fast_fault_begins(
  vcpu: Ref<'vcpus'>,
  gfn: u32,
  pfn: u32,
  mmu_seq: u32,
  goal: u32,
  logging: bool,
  write: bool,
): void {
  vcpus[vcpu].fastFault = true;
}
export function record_fast_fault_ends(
  vcpu: Ref<'vcpus'>,
  gfn: u32,
  pfn: u32,
  mmu_seq: u32,
  goal: u32,
  logging: bool,
  write: bool,
  result: u32,
): void {
  vcpus[vcpu].fastFault = false;
}

/** Writes that the hardware lets through. */
export const guestWrites: readonly Hook[] = [
  ...dirtyLog,
  { event: { on: 'call', procedure: 'guest_writes' }, procedure: 'record_guest_write' },
  { event: { on: 'call', procedure: 'guest_write_lands' }, procedure: 'record_write_lands' },
];
export function record_guest_write(vcpu: Ref<'vcpus'>, gfn: u32): void {
  const cached = AD_BITS ? vcpus[vcpu].tlbDirty : vcpus[vcpu].tlbWritable;
  if ((cached & (1 << gfn)) !== 0) record_write_lands(vcpu, gfn);
}
export function record_write_lands(vcpu: Ref<'vcpus'>, gfn: u32): void {
  if (vm.loggingSettled) vm.writtenUnreported = vm.writtenUnreported | (1 << gfn);
}
