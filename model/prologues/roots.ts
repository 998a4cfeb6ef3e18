/**
 * How scenarios begin: kernel procedures that run alone, before the processes.
 */

import { type Ref, rowAt, type u32, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import { BUDGET, KVM_REQ_LOAD_MMU_PGD, RET_PF_FIXED, VCPUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { service_root_requests } from '../procedures/entry.ts';
import { kvm_mmu_page_fault } from '../procedures/fault.ts';
import { kvm_init_mmu, kvm_set_cr3 } from '../procedures/guest.ts';
import { kvm_check_request } from '../procedures/requests.ts';
import { kvm_mmu_load_pgd, kvm_mmu_reload } from '../procedures/roots.ts';

/** A vCPU comes to life on PGD 0. */
export function startVcpu(vcpu: Ref<'vcpus'>): void {
  kvm_init_mmu(vcpu);
  prepareEntry(vcpu);
}

/** What `vcpu_enter_guest()` does before the guest runs. */
export function prepareEntry(vcpu: Ref<'vcpus'>): void {
  service_root_requests(vcpu);
  if (kvm_check_request(KVM_REQ_LOAD_MMU_PGD, vcpu)) kvm_mmu_load_pgd(vcpu);
  WARN_ON(kvm_mmu_reload(vcpu) !== 0);
}

/** Every guest may begin. */
export function giveBudgets(): void {
  for (let i: u32 = 0; i < VCPUS; i++) vcpus[rowAt(vcpus, i)].guest.budget = BUDGET;
}

/** Each vCPU has run on PGD 0 and runs on PGD 1 now: the root of PGD 0 is in its cache. */
export function prologue_cached(): void {
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    startVcpu(vcpu);
    kvm_set_cr3(vcpu, 1);
    prepareEntry(vcpu);
  }
  giveBudgets();
}

/** Each vCPU runs on PGD 0, one page of which it has touched; its cache is empty. */
export function prologue_touched(): void {
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    startVcpu(vcpu);
    WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  }
  giveBudgets();
}
