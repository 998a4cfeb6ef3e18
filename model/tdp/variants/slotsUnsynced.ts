/** Mutant: new memslots are published, and who reads the old ones is not waited for. */
import { acquire, type Ref, release, wait } from '../../../compiler/subset/vocabulary.ts';
import { slots } from '../machine/memslots.ts';

export function kvm_swap_active_memslots(slot: Ref<'memslots'>): void {
  acquire(slots.mn_invalidate_lock);
  while (slots.mn_active_invalidate_count !== 0) {
    release(slots.mn_invalidate_lock);
    wait(slots.mn_active_invalidate_count === 0, 'notifier events');
    acquire(slots.mn_invalidate_lock);
  }
  slots.memslots = slot;
  release(slots.mn_invalidate_lock);
}
