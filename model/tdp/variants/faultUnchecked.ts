/** 5.12 to 5.15: faults look at the notifier's sequence only, never at the root. */
import type { bool, Ref } from '../../../compiler/subset/vocabulary.ts';
import type { Fault } from '../procedures/faultRecord.ts';
import { mmu_invalidate_retry_gfn } from '../procedures/invalidate.ts';

/** Stands for `mmu_notifier_retry_hva()` in `direct_page_fault()`. */
export function is_page_fault_stale(vcpu: Ref<'vcpus'>, fault: Fault): bool {
  return mmu_invalidate_retry_gfn(fault.mmu_seq, fault.gfn);
}
