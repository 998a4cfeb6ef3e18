/** Twin of the fixed form: the service forgets `guest_mmu`. */
import type { Ref } from '../../../compiler/subset/vocabulary.ts';
import { __kvm_mmu_free_obsolete_roots } from '../../procedures/obsoleteRoots.ts';
import { root_mmu } from '../../procedures/roots.ts';

/** `kvm_mmu_free_obsolete_roots()` without its second half. */
export function kvm_mmu_free_obsolete_roots(vcpu: Ref<'vcpus'>): void {
  __kvm_mmu_free_obsolete_roots(root_mmu(vcpu));
}
