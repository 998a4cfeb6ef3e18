/**
 * Faults where memslots come and go (arch/x86/kvm/mmu/mmu_internal.h and mmu.c, 6.8 to 6.12; 2.6 of the facts). `fault->slot` stands
 * in a row of its own, since the record of a fault is that of all scenarios.
 */
import { type bool, indexOf, NULL, type Ref, rowAt, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, RET_PF_RETRY } from '../machine/constants.ts';
import { faults, memslots, slots } from '../machine/memslots.ts';
import { kvm_tdp_mmu_page_fault } from './fault.ts';
import type { Fault } from './faultRecord.ts';

/** No slot: emulated as an access to a device. */
export const RET_PF_EMULATE = 4;

/** `kvm_vcpu_gfn_to_memslot()`. */
export function kvm_vcpu_gfn_to_memslot(gfn: u32): Ref<'memslots'> {
  const slot = slots.memslots;
  if (slot === NULL || memslots[slot].base_gfn !== gfn) return NULL;
  return slot;
}

/** The part of `kvm_mmu_faultin_pfn()` about slots that are marked INVALID: the fault is tried again. */
export function fault_in_invalid_slot(prefetch: bool): u32 {
  return RET_PF_RETRY;
}

/** `kvm_mmu_do_page_fault()`: a write fault on `gfn`; `prefetch`: no access of the guest caused it. */
export function kvm_mmu_do_page_fault(vcpu: Ref<'vcpus'>, gfn: u32, prefetch: bool): u32 {
  const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
  fault.gfn = gfn;
  const row = rowAt(faults, indexOf(vcpu));
  faults[row].slot = kvm_vcpu_gfn_to_memslot(gfn);
  let r: u32 = RET_PF_EMULATE;
  if (faults[row].slot !== NULL) {
    if (memslots[faults[row].slot].invalid) r = fault_in_invalid_slot(prefetch);
    else r = kvm_tdp_mmu_page_fault(vcpu, fault);
  }
  faults[row].slot = NULL;
  return r;
}
