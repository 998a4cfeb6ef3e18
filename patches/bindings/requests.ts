/** Requests to vCPUs: facts 1.8, 5.2. */
import type { BindingPart } from './schema.ts';

export const requests: BindingPart = {
  subsystem: 'requests',
  meanings: [{ c: ['kvm_reload_remote_mmus'], params: ['kvm'], means: 'kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_RELOAD)' }],
  // Neither yet: a halted vCPU is not modelled, and what an IPI that nobody awaits breaks is I-06 and I-20.
  judgedFlags: [],
  standIns: [{ c: 'vcpu_enter_guest', procedures: ['vcpu_enter_guest', 'service_root_requests'] }],
};
