/** Flushes of the TLBs of all vCPUs, as requests (virt/kvm/kvm_main.c, 5.16 to 6.12). */
import { KVM_REQ_TLB_FLUSH } from '../machine/constants.ts';
import { kvm_make_all_cpus_request } from './requests.ts';

/** `kvm_flush_remote_tlbs()`: always a full flush of all vCPUs. */
export function kvm_flush_remote_tlbs(): void {
  kvm_make_all_cpus_request(KVM_REQ_TLB_FLUSH);
}
