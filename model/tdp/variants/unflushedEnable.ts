/** A mutant: write access is taken away, and nobody flushes before the ioctl returns. */
import { GFNS } from '../machine/constants.ts';
import { kvm_mmu_slot_track_writes } from '../procedures/dirtyLog.ts';
import { kvm_mmu_slot_try_split_huge_pages } from '../procedures/splitHuge.ts';

export function kvm_mmu_slot_apply_flags(): void {
  kvm_mmu_slot_try_split_huge_pages(0, GFNS);
  kvm_mmu_slot_track_writes();
}
