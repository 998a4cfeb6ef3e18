/**
 * Requests to vCPUs and the handshake with guest mode (virt/kvm/kvm_main.c, 5.16 to 6.12).
 *
 * Both engines use them. The bit, the exchange of the mode, the IPI and its acknowledgement are steps of their own. A halted vCPU is not
 * modelled, so KVM_REQUEST_NO_WAKEUP has no effect here: a vCPU at rest always wakes for a request.
 */

import {
  type bool,
  compareExchange,
  fetchAnd,
  fetchOr,
  type Ref,
  rowAt,
  type Small,
  type u32,
  wait,
} from '../../compiler/subset/vocabulary.ts';
import {
  EXITING_GUEST_MODE,
  IN_GUEST_MODE,
  KVM_REQUEST_MASK,
  KVM_REQUEST_NO_ACTION,
  KVM_REQUEST_WAIT,
  OUTSIDE_GUEST_MODE,
  VCPUS,
} from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';

/** `__kvm_make_request()`: sets the bit; on x86 the locked instruction orders what came before. */
export function kvm_make_request(req: u32, vcpu: Ref<'vcpus'>): void {
  fetchOr(vcpus[vcpu].requests, 1 << (req & KVM_REQUEST_MASK));
}

/** `kvm_test_request()`. */
export function kvm_test_request(req: u32, vcpu: Ref<'vcpus'>): bool {
  return (vcpus[vcpu].requests & (1 << (req & KVM_REQUEST_MASK))) !== 0;
}

/** `kvm_clear_request()`. */
export function kvm_clear_request(req: u32, vcpu: Ref<'vcpus'>): void {
  fetchAnd(vcpus[vcpu].requests, ~(1 << (req & KVM_REQUEST_MASK)));
}

/** `kvm_check_request()`: test, then clear. */
export function kvm_check_request(req: u32, vcpu: Ref<'vcpus'>): bool {
  if (kvm_test_request(req, vcpu)) {
    kvm_clear_request(req, vcpu);
    return true;
  }
  return false;
}

/** `kvm_request_pending()`. */
export function kvm_request_pending(vcpu: Ref<'vcpus'>): bool {
  return vcpus[vcpu].requests !== 0;
}

/** `kvm_vcpu_exiting_guest_mode()`: the mode before; IN_GUEST becomes EXITING. */
export function kvm_vcpu_exiting_guest_mode(vcpu: Ref<'vcpus'>): u32 {
  return compareExchange(vcpus[vcpu].mode, IN_GUEST_MODE, EXITING_GUEST_MODE);
}

/** `kvm_request_needs_ipi()`. */
export function kvm_request_needs_ipi(vcpu: Ref<'vcpus'>, req: u32): bool {
  const mode = kvm_vcpu_exiting_guest_mode(vcpu);
  if ((req & KVM_REQUEST_WAIT) !== 0) return mode !== OUTSIDE_GUEST_MODE;
  return mode === IN_GUEST_MODE;
}

/**
 * `kvm_kick_many_cpus()`: sends all IPIs, then, if asked to, waits for each. One counts as acknowledged, too, when
 * its target is outside the guest, where interrupts are on. `kicked` has a bit per vCPU.
 */
export function kvm_kick_many_cpus(kicked: Small<15>, waiting: bool): void {
  for (let i: u32 = 0; i < VCPUS; i++) {
    if ((kicked & (1 << i)) !== 0) vcpus[rowAt(vcpus, i)].ipi = true;
  }
  if (waiting) {
    for (let i: u32 = 0; i < VCPUS; i++) {
      if ((kicked & (1 << i)) !== 0)
        wait(!vcpus[rowAt(vcpus, i)].ipi || vcpus[rowAt(vcpus, i)].mode === OUTSIDE_GUEST_MODE, 'IPI acknowledged');
    }
  }
}

/** `kvm_make_all_cpus_request()`. */
export function kvm_make_all_cpus_request(req: u32): void {
  let kicked: Small<15> = 0;
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    if ((req & KVM_REQUEST_NO_ACTION) === 0) kvm_make_request(req, vcpu);
    if (kvm_request_needs_ipi(vcpu, req)) kicked |= 1 << i;
  }
  kvm_kick_many_cpus(kicked, (req & KVM_REQUEST_WAIT) !== 0);
}

/** `local_irq_enable()`: a pending IPI is taken. */
export function local_irq_enable(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].ipi = false;
}
