/**
 * A mistake that nobody made: the update of memslots waits for SRCU readers while it holds `mmu_lock` for read. Readers want it for read,
 * too, and get it, unless a writer waits: that one keeps them out.
 */
import { acquire, acquireShared, type Ref, release, releaseShared, wait } from '../../../compiler/subset/vocabulary.ts';
import { slots } from '../machine/memslots.ts';
import { vm } from '../machine/vm.ts';
import { synchronize_srcu_expedited } from '../procedures/memslots.ts';

/** `kvm_swap_active_memslots()`. */
export function kvm_swap_active_memslots(slot: Ref<'memslots'>): void {
  acquire(slots.mn_invalidate_lock);
  while (slots.mn_active_invalidate_count !== 0) {
    release(slots.mn_invalidate_lock);
    wait(slots.mn_active_invalidate_count === 0, 'notifier events');
    acquire(slots.mn_invalidate_lock);
  }
  slots.memslots = slot;
  release(slots.mn_invalidate_lock);
  acquireShared(vm.mmu_lock);
  synchronize_srcu_expedited();
  releaseShared(vm.mmu_lock);
}
