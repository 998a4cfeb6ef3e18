/**
 * What a vCPU's guest does, and its thread for it: accesses that the hardware completes by itself, and those that fault.
 *
 * Whether an access needs a fault is not looked at: the guest may fault on anything at any time, and whether a write can go
 * through by itself is what the recorders of the hardware know.
 */
import { choose, chooseBool, mark, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { AD_BITS, BUDGET, GFNS, GUEST_WRITES, PG_LEVEL_4K } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_page_fault } from './fault.ts';
import type { Fault } from './faultRecord.ts';
import { hardware_writes, vmx_flush_pml_buffer } from './hardware.ts';
import { kvm_vcpu_srcu_read_lock, kvm_vcpu_srcu_read_unlock } from './srcu.ts';

/** The guest writes to `gfn`, if its TLB lets it. */
export function guest_writes(vcpu: Ref<'vcpus'>, gfn: u32): void {
  mark('guest write');
}

/** `kvm_mmu_page_fault()`: a write fault, which looks its memslot up once. The exit from the guest drains the PML buffer. */
export function kvm_mmu_page_fault(vcpu: Ref<'vcpus'>, gfn: u32): void {
  const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
  fault.gfn = gfn;
  if (AD_BITS) vmx_flush_pml_buffer(vcpu);
  kvm_vcpu_srcu_read_lock(vcpu);
  fault.logging = vm.dirty_logging;
  kvm_tdp_mmu_page_fault(vcpu, fault);
  kvm_vcpu_srcu_read_unlock(vcpu);
}

/** `vcpu_run()`: as often as the budget allows. */
export function vcpu_run(vcpu: Ref<'vcpus'>): void {
  for (let i: u32 = 0; i < BUDGET; i++) {
    const gfn = choose('gfn', GFNS);
    if (!GUEST_WRITES || chooseBool('write needs a fault')) kvm_mmu_page_fault(vcpu, gfn);
    else if (AD_BITS && chooseBool('D is not cached')) hardware_writes(vcpu, gfn);
    else guest_writes(vcpu, gfn);
  }
  if (AD_BITS) vmx_flush_pml_buffer(vcpu);
  vcpus[vcpu].done = true;
}
