/** Mutant: roots are invalidated and vCPUs asked to drop them in two critical sections, so that a notifier fits in between. */
import { acquire, holdsExclusive, release, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS } from '../../machine/constants.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_invalidate_all_roots, kvm_tdp_mmu_zap_invalidated_roots } from '../procedures/zapRoots.ts';

export function kvm_mmu_zap_all_fast(): void {
  WARN_ON(!holdsExclusive(vm.slots_lock));
  acquire(vm.mmu_lock);
  kvm_tdp_mmu_invalidate_all_roots();
  release(vm.mmu_lock);
  kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  kvm_tdp_mmu_zap_invalidated_roots();
}
