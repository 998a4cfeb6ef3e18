/** Mutant of the fast zap: the request to free obsolete roots is made before the generation changes. */
import { acquire, holdsExclusive, release, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS } from '../../machine/constants.ts';
import { vm } from '../../machine/vm.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { kvm_zap_obsolete_pages } from '../../procedures/zapAll.ts';

/** `kvm_mmu_zap_all_fast()` with its two first steps exchanged. */
export function kvm_mmu_zap_all_fast(): void {
  WARN_ON(!holdsExclusive(vm.slots_lock));
  acquire(vm.mmu_lock);
  kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  vm.mmu_valid_gen = vm.mmu_valid_gen !== 0 ? 0 : 1;
  kvm_zap_obsolete_pages();
  release(vm.mmu_lock);
}
