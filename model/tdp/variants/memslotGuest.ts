/** vCPUs that enter the guest, where memslots come and go: a fault looks for the slot. */
import { choose, type Ref } from '../../../compiler/subset/vocabulary.ts';
import { GFNS } from '../machine/constants.ts';
import { kvm_mmu_do_page_fault } from '../procedures/memslotFault.ts';

/** `kvm_mmu_page_fault()`: a write fault on any gfn, for which the guest need have no reason. */
export function kvm_mmu_page_fault(vcpu: Ref<'vcpus'>): void {
  const gfn = choose('gfn', GFNS);
  kvm_mmu_do_page_fault(vcpu, gfn, false);
}
