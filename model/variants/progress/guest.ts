/**
 * A guest for progress properties. It accesses memory, as often as it likes and for ever, and the access that it is at is tried again
 * until it is done (the instruction faults again); meanwhile it does nothing else. Its budget is for CR3 loads, all but one unit, which
 * it keeps so as never to rest.
 *
 * An access counts as done when a fault has installed its translation. Whoever takes that away before the guest has used it
 * is an invalidation. An interrupt handler, which could load another CR3 in the midst of an access, is left out.
 */
import { choose, chooseBool, type Ref, type Small } from '../../../compiler/subset/vocabulary.ts';
import { ADDRESSES, GUEST_SWITCHES_PGD, OTHER_PGDS, RET_PF_FIXED } from '../../machine/constants.ts';
import { vcpus } from '../../machine/vcpus.ts';
import { kvm_mmu_page_fault } from '../../procedures/fault.ts';
import { kvm_set_cr3, may } from '../../procedures/guest.ts';

/** Handles the exit: a fault of the access under way, or an interrupt, a CR3 load, the fault of a new access. */
export function handle_exit(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].access === 0) {
    if (may(vcpu, GUEST_SWITCHES_PGD) && vcpus[vcpu].guest.budget > 1 && chooseBool('guest loads CR3')) {
      let cr3: Small<15> = choose('CR3', OTHER_PGDS);
      if (cr3 >= vcpus[vcpu].guest.cr3) cr3 += 1;
      vcpus[vcpu].guest.budget -= 1;
      kvm_set_cr3(vcpu, cr3);
      return;
    }
    if (!chooseBool('guest faults')) return;
    vcpus[vcpu].access = choose('address', ADDRESSES) + 1;
  }
  if (kvm_mmu_page_fault(vcpu, vcpus[vcpu].access - 1) === RET_PF_FIXED) vcpus[vcpu].access = 0;
}
