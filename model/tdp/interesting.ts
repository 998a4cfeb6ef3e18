/** States that make scenarios of the TDP MMU what they are. */
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES, SPTE_LAST_MASK, SPTE_MMU_PRESENT_MASK, TASKS, VCPUS } from './machine/constants.ts';
import { pages } from './machine/pages.ts';
import { tasks } from './machine/tasks.ts';
import { vcpus } from './machine/vcpus.ts';
import { vm } from './machine/vm.ts';

/** The host has freed a page that the guest had mapped. */
export function interesting_page_freed(): bool {
  return vm.host_freed !== 0;
}
/** A zap began after a fault had looked its page up. */
export function interesting_stale_lookup(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    if (vcpus[rowAt(vcpus, v)].faultStale) return true;
  }
  return false;
}
/** A table of level 1 is linked where a huge page was. */
export function interesting_split(): bool {
  const middle = rowAt(pages, 1);
  if (!isAllocated(middle)) return false;
  const spte = pages[middle].spt[0];
  return (spte & SPTE_MMU_PRESENT_MASK) !== 0 && (spte & SPTE_LAST_MASK) === 0;
}
/** Two events are between their begin and their end. */
export function interesting_two_events(): bool {
  return vm.mmu_invalidate_in_progress > 1;
}
/** A table was taken away while somebody may still be walking it. */
export function interesting_removed_under_reader(): bool {
  let readers: bool = false;
  for (let t: u32 = 0; t < TASKS; t++) readers = readers || tasks[rowAt(tasks, t)].rcu;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (readers && isAllocated(sp) && pages[sp].rcu_head) return true;
  }
  return false;
}
