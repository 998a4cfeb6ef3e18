/** Before the mail of 2022 (and with `eager_page_split=N`): nothing is split ahead; faults of vCPUs do it. */
import { kvm_mmu_slot_track_writes } from '../procedures/dirtyLog.ts';
import { kvm_flush_remote_tlbs } from '../procedures/flush.ts';

export function kvm_mmu_slot_apply_flags(): void {
  kvm_mmu_slot_track_writes();
  kvm_flush_remote_tlbs();
}
