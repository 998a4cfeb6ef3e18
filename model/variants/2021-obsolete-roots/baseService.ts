/** Until 5.17: what a request to drop roots makes a vCPU do. */
import type { Ref } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_RELOAD } from '../../machine/constants.ts';
import { kvm_check_request } from '../../procedures/requests.ts';
import { kvm_mmu_unload } from '../../procedures/roots.ts';

/** The service of `vcpu_enter_guest()`, until 5.17. */
export function service_root_requests(vcpu: Ref<'vcpus'>): void {
  if (kvm_check_request(KVM_REQ_MMU_RELOAD, vcpu)) kvm_mmu_unload(vcpu);
}
