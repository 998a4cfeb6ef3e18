/** Before the mail of 2022 (and with `eager_page_split=N`): nothing is split ahead; faults of vCPUs do it. */
import { acquire, release } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_slot_remove_write_access } from '../procedures/dirtyLog.ts';
import { kvm_flush_remote_tlbs } from '../procedures/flush.ts';
import { synchronize_srcu } from '../procedures/srcu.ts';

export function kvm_enable_dirty_logging(): void {
  acquire(vm.slots_lock);
  vm.dirty_logging = true;
  synchronize_srcu();
  kvm_mmu_slot_remove_write_access();
  kvm_flush_remote_tlbs();
  release(vm.slots_lock);
}
