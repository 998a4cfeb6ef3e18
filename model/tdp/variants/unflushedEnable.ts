/** A mutant: write access is taken away, and nobody flushes before the ioctl returns. */
import { acquire, release } from '../../../compiler/subset/vocabulary.ts';
import { GFNS } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_slot_remove_write_access } from '../procedures/dirtyLog.ts';
import { kvm_mmu_slot_try_split_huge_pages } from '../procedures/splitHuge.ts';
import { synchronize_srcu } from '../procedures/srcu.ts';

export function kvm_enable_dirty_logging(): void {
  acquire(vm.slots_lock);
  vm.dirty_logging = true;
  synchronize_srcu();
  kvm_mmu_slot_try_split_huge_pages(0, GFNS);
  kvm_mmu_slot_remove_write_access();
  release(vm.slots_lock);
}
