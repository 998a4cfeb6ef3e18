/** vCPUs and prologues of scenarios in which memslots come and go and roots do not. */
import { alloc, choose, type Ref, rowAt, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { BUDGET, GFNS, RET_PF_FIXED } from '../machine/constants.ts';
import { memslots, slots } from '../machine/memslots.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_do_page_fault } from './memslotFault.ts';
import { prologue_root } from './prologue.ts';
import { kvm_vcpu_srcu_read_lock, kvm_vcpu_srcu_read_unlock } from './srcu.ts';

/** `vcpu_run()`: faults, as often as the budget allows, each in an SRCU section: a retry goes by way of the guest. */
export function vcpu_run_by_slot(vcpu: Ref<'vcpus'>): void {
  for (let i: u32 = 0; i < BUDGET; i++) {
    const gfn = choose('gfn', GFNS);
    kvm_vcpu_srcu_read_lock(vcpu);
    kvm_mmu_do_page_fault(vcpu, gfn, false);
    kvm_vcpu_srcu_read_unlock(vcpu);
  }
  vcpus[vcpu].done = true;
}

/** There is one slot, of gfn 0. */
export function prologue_slot(): void {
  slots.memslots = alloc(memslots);
}
/** Its page is mapped. */
export function prologue_mapped_slot(): void {
  prologue_root();
  prologue_slot();
  WARN_ON(kvm_mmu_do_page_fault(rowAt(vcpus, 0), 0, false) !== RET_PF_FIXED);
}
