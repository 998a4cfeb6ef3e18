/**
 * Entering and leaving the guest (`vcpu_enter_guest()` in arch/x86/kvm/x86.c, 5.18 and later; 2.19 of the facts).
 *
 * Only requests about roots and TLBs. Injection, timers and the fast path of exits are left out.
 */

import { type bool, idleUntil, NULL, type Ref, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import {
  EXITING_GUEST_MODE,
  GUEST_STORES,
  IN_GUEST_MODE,
  KVM_REQ_LOAD_MMU_PGD,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS,
  KVM_REQ_MMU_SYNC,
  KVM_REQ_TLB_FLUSH,
  KVM_REQ_TLB_FLUSH_CURRENT,
  OUTSIDE_GUEST_MODE,
  RMAPS,
  SRCU_READING,
} from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { guest_stores, handle_exit, may } from './guest.ts';
import { kvm_mmu_free_obsolete_roots } from './obsoleteRoots.ts';
import { kvm_check_request, kvm_request_pending, local_irq_enable } from './requests.ts';
import { kvm_mmu_load_pgd, kvm_mmu_reload, kvm_vcpu_flush_tlb_all, kvm_x86_flush_tlb_current } from './roots.ts';
import { kvm_mmu_sync_roots } from './sync.ts';

/** The request that makes a vCPU drop roots: a part of `vcpu_enter_guest()` of its own, since it changed in 5.18. */
export function service_root_requests(vcpu: Ref<'vcpus'>): void {
  if (kvm_check_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu)) kvm_mmu_free_obsolete_roots(vcpu);
}

/** `kvm_vcpu_srcu_read_lock()`: no grace period that is under way waits for this section. */
export function kvm_vcpu_srcu_read_lock(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].srcu = SRCU_READING;
}
/** `kvm_vcpu_srcu_read_unlock()`: ends the grace period under way, as far as this vCPU goes. */
export function kvm_vcpu_srcu_read_unlock(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].srcu = 0;
}

/** The guest runs from here to its next exit. Properties look at this call; why it exits is chosen in `handle_exit`. */
export function kvm_x86_vcpu_run(vcpu: Ref<'vcpus'>): void {
  WARN_ON(vcpu === NULL);
  if (may(vcpu, GUEST_STORES)) guest_stores(vcpu);
}

/** `vcpu_enter_guest()`. */
export function vcpu_enter_guest(vcpu: Ref<'vcpus'>): void {
  if (kvm_request_pending(vcpu)) {
    service_root_requests(vcpu);
    if (RMAPS && kvm_check_request(KVM_REQ_MMU_SYNC, vcpu)) kvm_mmu_sync_roots(vcpu);
    if (kvm_check_request(KVM_REQ_LOAD_MMU_PGD, vcpu)) kvm_mmu_load_pgd(vcpu);
    if (kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu)) kvm_vcpu_flush_tlb_all(vcpu);
    if (RMAPS && kvm_check_request(KVM_REQ_TLB_FLUSH_CURRENT, vcpu)) kvm_x86_flush_tlb_current(vcpu);
  }
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
    idleUntil(kvm_request_pending(vcpu) || vcpus[vcpu].guest.budget !== 0);
    kvm_vcpu_srcu_read_lock(vcpu);
    vcpu_enter_guest(vcpu);
    kvm_vcpu_srcu_read_unlock(vcpu);
  }
}
