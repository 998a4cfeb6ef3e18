/**
 * How scenarios begin: kernel procedures that run alone, before the processes.
 */

import { type Ref, rowAt, type u32, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import {
  BUDGET,
  GUEST_FAULTS,
  GUEST_FLUSHES,
  GUEST_NESTS,
  GUEST_STORES,
  GUEST_SWITCHES_PGD,
  GUEST_WRITES_PGD,
  GUEST_WRITES_TABLES,
  KVM_REQ_LOAD_MMU_PGD,
  RET_PF_FIXED,
  VCPUS,
} from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { service_root_requests } from '../procedures/entry.ts';
import { kvm_mmu_page_fault } from '../procedures/fault.ts';
import { kvm_init_mmu, kvm_set_cr3, may, nested_ept_init_mmu_context, nested_ept_uninit_mmu_context } from '../procedures/guest.ts';
import { kvm_check_request } from '../procedures/requests.ts';
import { guest_mmu, KVM_MMU_ROOT_PREVIOUS, kvm_mmu_free_roots, kvm_mmu_load_pgd, kvm_mmu_reload } from '../procedures/roots.ts';

/** A vCPU whose guest has loaded a PGD and has not run on it yet. */
export function createVcpu(vcpu: Ref<'vcpus'>, pgd: u32): void {
  kvm_init_mmu(vcpu);
  vcpus[vcpu].guest.cr3 = pgd;
}

/** A vCPU that runs on a PGD. */
export function startVcpu(vcpu: Ref<'vcpus'>, pgd: u32): void {
  createVcpu(vcpu, pgd);
  prepareEntry(vcpu);
}

/** Its guest loads another CR3, and runs. */
export function switchTo(vcpu: Ref<'vcpus'>, pgd: u32): void {
  kvm_set_cr3(vcpu, pgd);
  prepareEntry(vcpu);
}

/** What `vcpu_enter_guest()` does before the guest runs. */
export function prepareEntry(vcpu: Ref<'vcpus'>): void {
  service_root_requests(vcpu);
  if (kvm_check_request(KVM_REQ_LOAD_MMU_PGD, vcpu)) kvm_mmu_load_pgd(vcpu);
  WARN_ON(kvm_mmu_reload(vcpu) !== 0);
}

/** Every guest that may do something may begin. */
export function giveBudgets(): void {
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    if (may(vcpu, GUEST_SWITCHES_PGD | GUEST_WRITES_PGD | GUEST_WRITES_TABLES | GUEST_FAULTS | GUEST_NESTS | GUEST_STORES | GUEST_FLUSHES))
      vcpus[vcpu].guest.budget = BUDGET;
  }
}

/** Each vCPU has run on PGD 0 and runs on PGD 1 now: the root of PGD 0 is in its cache. */
export function prologue_cached(): void {
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    startVcpu(vcpu, 0);
    switchTo(vcpu, 1);
  }
  giveBudgets();
}

/** Each vCPU runs on PGD 0, one page of which it has touched; its cache is empty. */
export function prologue_touched(): void {
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    startVcpu(vcpu, 0);
    WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  }
  giveBudgets();
}

/** vCPU 0 runs on PGD 0 and caches PGD 1, on which vCPU 1 runs. */
export function prologue_excess(): void {
  startVcpu(rowAt(vcpus, 0), 1);
  switchTo(rowAt(vcpus, 0), 0);
  startVcpu(rowAt(vcpus, 1), 1);
  giveBudgets();
}

/** vCPU 0 runs on PGD 1 and caches PGD 0; vCPU 1 is about to run on PGD 2 for the first time. */
export function prologue_foreign(): void {
  startVcpu(rowAt(vcpus, 0), 0);
  switchTo(rowAt(vcpus, 0), 1);
  createVcpu(rowAt(vcpus, 1), 2);
  giveBudgets();
}

/** One vCPU on PGD 0, nothing mapped. */
export function prologue_single(): void {
  startVcpu(rowAt(vcpus, 0), 0);
  giveBudgets();
}

/** L1 has run L2 with EPTP 1 and then with EPTP 2, and runs itself now: EPTP 1 is in the cache of `guest_mmu`. */
export function prologue_nested(): void {
  const vcpu = rowAt(vcpus, 0);
  startVcpu(vcpu, 0);
  nested_ept_init_mmu_context(vcpu, 1);
  prepareEntry(vcpu);
  nested_ept_uninit_mmu_context(vcpu);
  prepareEntry(vcpu);
  nested_ept_init_mmu_context(vcpu, 2);
  prepareEntry(vcpu);
  nested_ept_uninit_mmu_context(vcpu);
  prepareEntry(vcpu);
  giveBudgets();
}

/** L1 has run; L2 runs with EPTP 0 and has touched a page, so that its root has tables below it. */
export function prologue_nested_touched(): void {
  const vcpu = rowAt(vcpus, 0);
  startVcpu(vcpu, 0);
  nested_ept_init_mmu_context(vcpu, 0);
  prepareEntry(vcpu);
  WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  giveBudgets();
}

/** L2 has run with EPTPs 0, 1 and 2, and touched a page with each of the first two: the root of EPTP 0 is in no cache any more, and keeps its table. */
export function prologue_nested_unused(): void {
  const vcpu = rowAt(vcpus, 0);
  startVcpu(vcpu, 0);
  for (let eptp: u32 = 0; eptp < 3; eptp++) {
    nested_ept_init_mmu_context(vcpu, eptp);
    prepareEntry(vcpu);
    if (eptp < 2) WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  }
  giveBudgets();
}

/** vCPU 0 runs on a special root for PGD 0, vCPU 1 on PGD 1. */
export function prologue_special(): void {
  startVcpu(rowAt(vcpus, 0), 0);
  startVcpu(rowAt(vcpus, 1), 1);
  giveBudgets();
}

/**
 * L2 runs on EPTP 1, whose top table is also below EPTP 0: L1 has run it on 1, on 0, then on 1 again, and INVEPT has taken
 * EPTP 0 out of the cache. Its page stays, without a root slot; it is older than all that is below but the page of EPTP 1.
 */
export function prologue_root_as_child(): void {
  const vcpu = rowAt(vcpus, 0);
  startVcpu(vcpu, 0);
  nested_ept_init_mmu_context(vcpu, 1);
  prepareEntry(vcpu);
  WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  nested_ept_init_mmu_context(vcpu, 0);
  prepareEntry(vcpu);
  WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  nested_ept_init_mmu_context(vcpu, 1);
  prepareEntry(vcpu);
  kvm_mmu_free_roots(guest_mmu(vcpu), KVM_MMU_ROOT_PREVIOUS(0));
  giveBudgets();
}
