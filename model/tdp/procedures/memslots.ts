/**
 * Deleting and moving a memslot (virt/kvm/kvm_main.c, 6.1 to 6.12; 2.21 of the facts): the slot is marked INVALID, nobody uses the old
 * one any more, what maps it is zapped, and only then it goes.
 *
 * A slot is one page. Left out: slots_arch_lock, generations, slots of the second address space, failures that take the change back.
 */

import {
  acquire,
  alloc,
  type bool,
  fetchOr,
  free,
  holdsExclusive,
  NULL,
  type Ref,
  release,
  rowAt,
  self,
  type u32,
  WARN_ON,
  wait,
} from '../../../compiler/subset/vocabulary.ts';
import { GFNS, SRCU_READING, SRCU_WAITED, TASKS } from '../machine/constants.ts';
import { memslots, slots, srcuReaders } from '../machine/memslots.ts';
import { vm } from '../machine/vm.ts';
import { kvm_arch_flush_shadow_memslot } from './memslotFlush.ts';
import { synchronize_srcu } from './srcu.ts';

/** `srcu_read_lock(&kvm->srcu)` of a thread that is no vCPU's. */
export function srcu_read_lock(): void {
  srcuReaders[rowAt(srcuReaders, self())].srcu = SRCU_READING;
}
export function srcu_read_unlock(): void {
  srcuReaders[rowAt(srcuReaders, self())].srcu = 0;
}
/** `synchronize_srcu_expedited()`: waits for the sections that there are, those of vCPUs and of others. */
export function synchronize_srcu_expedited(): void {
  for (let i: u32 = 0; i < TASKS; i++) {
    if (srcuReaders[rowAt(srcuReaders, i)].srcu !== 0) fetchOr(srcuReaders[rowAt(srcuReaders, i)].srcu, SRCU_WAITED);
  }
  synchronize_srcu();
  for (let i: u32 = 0; i < TASKS; i++) wait(srcuReaders[rowAt(srcuReaders, i)].srcu !== (SRCU_READING | SRCU_WAITED), 'SRCU grace period');
}

/** `kvm_swap_active_memslots()`: not while a notifier event is under way, which has to find the same slots at its start and its end. */
export function kvm_swap_active_memslots(slot: Ref<'memslots'>): void {
  acquire(slots.mn_invalidate_lock);
  while (slots.mn_active_invalidate_count !== 0) {
    release(slots.mn_invalidate_lock);
    wait(slots.mn_active_invalidate_count === 0, 'notifier events');
    acquire(slots.mn_invalidate_lock);
  }
  slots.memslots = slot;
  release(slots.mn_invalidate_lock);
  synchronize_srcu_expedited();
}

/** `kvm_invalidate_memslot()`: readers of the old slot have left when the zap begins; later ones see INVALID and retry. */
export function kvm_invalidate_memslot(old: Ref<'memslots'>, invalid_slot: Ref<'memslots'>): void {
  memslots[invalid_slot].base_gfn = memslots[old].base_gfn;
  memslots[invalid_slot].invalid = true;
  kvm_swap_active_memslots(invalid_slot);
  kvm_arch_flush_shadow_memslot(old);
}

/** `kvm_set_memslot()` for KVM_MR_DELETE and KVM_MR_MOVE. `kvm_free_memslot()` frees the slot with its arrays. */
export function kvm_set_memslot(old: Ref<'memslots'>, moved: Ref<'memslots'>): void {
  WARN_ON(!holdsExclusive(vm.slots_lock), 'I-24');
  const invalid_slot = alloc(memslots);
  kvm_invalidate_memslot(old, invalid_slot);
  kvm_swap_active_memslots(moved);
  free(invalid_slot);
  free(old);
}

/** `kvm_vm_ioctl_set_memory_region()`: KVM_SET_USER_MEMORY_REGION takes the slot away, or moves it to the last gfn. */
export function kvm_vm_ioctl_set_memory_region(move: bool): void {
  acquire(vm.slots_lock);
  let moved: Ref<'memslots'> = NULL;
  if (move) {
    moved = alloc(memslots);
    memslots[moved].base_gfn = GFNS - 1;
  }
  kvm_set_memslot(slots.memslots, moved);
  release(vm.slots_lock);
}
