/** Deleting a memslot that the guest uses (virt/kvm/kvm_main.c, 6.1; 2.21 of the facts). Left out: notifiers, which this machine has not. */
import { acquire, release } from '../../../compiler/subset/vocabulary.ts';
import { memslot } from '../../machine/memslot.ts';
import { vm } from '../../machine/vm.ts';
import { kvm_arch_flush_shadow_memslot, synchronize_srcu } from '../../procedures/zapAll.ts';

/** `kvm_free_memslot()`: rmaps, write tracking and the rest of its arrays go. */
export function kvm_free_memslot(): void {
  memslot.state = 3;
}
/** `kvm_delete_memslot()` with what it calls. */
export function kvm_delete_memslot(): void {
  acquire(vm.slots_lock);
  memslot.state = 1;
  synchronize_srcu();
  kvm_arch_flush_shadow_memslot();
  memslot.state = 2;
  synchronize_srcu();
  kvm_free_memslot();
  release(vm.slots_lock);
}
