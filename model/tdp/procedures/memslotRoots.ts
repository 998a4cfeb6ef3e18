/** How scenarios begin in which memslots and roots come and go. */
import { alloc, rowAt, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { RET_PF_FIXED } from '../machine/constants.ts';
import { memslots, slots } from '../machine/memslots.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_do_page_fault } from './memslotFault.ts';
import { prologue_loaded } from './prologueRoots.ts';

/** Each vCPU has loaded the root, there is a slot of gfn 0, and nothing is mapped. */
export function prologue_slot_unmapped(): void {
  prologue_loaded();
  slots.memslots = alloc(memslots);
}
/** Besides, vCPU 0 has faulted the slot's page in. */
export function prologue_slot_and_root(): void {
  prologue_slot_unmapped();
  WARN_ON(kvm_mmu_do_page_fault(rowAt(vcpus, 0), 0, false) !== RET_PF_FIXED);
}
