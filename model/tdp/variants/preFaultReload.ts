/** After 6.12, as far as is known: who loads a root, a pre-fault too, services the request to free obsolete ones first. */
import { NULL, type Ref, type s32 } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS } from '../../machine/constants.ts';
import { kvm_check_request } from '../../procedures/requests.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_free_obsolete_roots, kvm_mmu_load } from '../procedures/vcpuRoots.ts';

/** `kvm_mmu_reload()`. */
export function kvm_mmu_reload(vcpu: Ref<'vcpus'>): s32 {
  if (kvm_check_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu)) kvm_mmu_free_obsolete_roots(vcpu);
  if (vcpus[vcpu].root !== NULL) return 0;
  return kvm_mmu_load(vcpu);
}
