/** After 6.12: a pre-fault in a slot that is marked INVALID ends with -EAGAIN. */
import type { bool, u32 } from '../../../compiler/subset/vocabulary.ts';
import { RET_PF_RETRY } from '../machine/constants.ts';
import { RET_PF_EMULATE } from '../procedures/memslotFault.ts';

/** The part of `kvm_mmu_faultin_pfn()` about such slots. The caller tells errors from retries only, so any other result serves. */
export function fault_in_invalid_slot(prefetch: bool): u32 {
  return prefetch ? RET_PF_EMULATE : RET_PF_RETRY;
}
