/**
 * Entering and leaving the guest (`vcpu_enter_guest()` in arch/x86/kvm/x86.c, 5.18 to 6.12; 2.19 of the facts), and why it leaves.
 *
 * Only the request about roots: a remote flush is one step here, and needs none (`flush.ts`).
 */

import { type bool, choose, chooseBool, idleUntil, NULL, preempt, type Ref, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { EXITING_GUEST_MODE, IN_GUEST_MODE, KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, OUTSIDE_GUEST_MODE } from '../../machine/constants.ts';
import { kvm_check_request, kvm_request_pending, local_irq_enable } from '../../procedures/requests.ts';
import { GFNS, GUEST_CHANGES_ROLE, PG_LEVEL_4K } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_tdp_mmu_page_fault } from './fault.ts';
import type { Fault } from './faultRecord.ts';
import { kvm_vcpu_srcu_read_lock, kvm_vcpu_srcu_read_unlock } from './srcu.ts';
import { kvm_mmu_free_obsolete_roots, kvm_mmu_reload, kvm_mmu_unload } from './vcpuRoots.ts';

/** The request that makes a vCPU drop roots: a part of `vcpu_enter_guest()` of its own, since it changed in 5.18. */
export function service_root_requests(vcpu: Ref<'vcpus'>): void {
  if (kvm_check_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu)) kvm_mmu_free_obsolete_roots(vcpu);
}

/** The guest runs from here to its next exit, while others go on. */
export function kvm_x86_vcpu_run(vcpu: Ref<'vcpus'>): void {
  WARN_ON(vcpu === NULL);
  preempt();
}

/** `kvm_mmu_page_fault()`: a write fault on any gfn, for which the guest need have no reason. */
export function kvm_mmu_page_fault(vcpu: Ref<'vcpus'>): void {
  const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
  fault.gfn = choose('gfn', GFNS);
  kvm_tdp_mmu_page_fault(vcpu, fault);
}
/**
 * Why the guest left: a fault, or it changed what the role of its MMU depends on, so that `kvm_mmu_reset_context()` drops the root.
 * Each takes one unit of its budget; without one it left for nothing.
 */
export function handle_exit(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].budget === 0) return;
  vcpus[vcpu].budget -= 1;
  if (GUEST_CHANGES_ROLE && chooseBool('guest changes its mode')) kvm_mmu_unload(vcpu);
  else kvm_mmu_page_fault(vcpu);
}

/** `vcpu_enter_guest()`. */
export function vcpu_enter_guest(vcpu: Ref<'vcpus'>): void {
  if (kvm_request_pending(vcpu)) service_root_requests(vcpu);
  if (kvm_mmu_reload(vcpu) !== 0) return;
  vcpus[vcpu].mode = IN_GUEST_MODE;
  kvm_vcpu_srcu_read_unlock(vcpu);
  const cancelled: bool = vcpus[vcpu].mode === EXITING_GUEST_MODE || kvm_request_pending(vcpu);
  if (!cancelled) kvm_x86_vcpu_run(vcpu);
  vcpus[vcpu].mode = OUTSIDE_GUEST_MODE;
  local_irq_enable(vcpu);
  kvm_vcpu_srcu_read_lock(vcpu);
  if (!cancelled) handle_exit(vcpu);
}

/** `vcpu_run()`: the host's loop around the guest. At rest, outside the guest, when nothing is left to do. */
export function vcpu_run(vcpu: Ref<'vcpus'>): void {
  while (true) {
    idleUntil(kvm_request_pending(vcpu) || vcpus[vcpu].budget !== 0);
    kvm_vcpu_srcu_read_lock(vcpu);
    vcpu_enter_guest(vcpu);
    kvm_vcpu_srcu_read_unlock(vcpu);
  }
}
