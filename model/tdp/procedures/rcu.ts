/**
 * RCU: read sections of threads, and grace periods.
 *
 * A grace period is the set of readers present when it began; each has to be seen outside once, whatever new sections it begins.
 */

import {
  free,
  holds,
  idleUntil,
  isAllocated,
  NULL,
  type Ref,
  rowAt,
  type Small,
  self,
  type u32,
  WARN_ON,
  wait,
} from '../../../compiler/subset/vocabulary.ts';
import { PAGES, TASKS } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { tasks } from '../machine/tasks.ts';
import { vm } from '../machine/vm.ts';

export function rcu_read_lock(): void {
  WARN_ON(tasks[rowAt(tasks, self())].rcu, 'I-22');
  tasks[rowAt(tasks, self())].rcu = true;
}
export function rcu_read_unlock(): void {
  WARN_ON(!tasks[rowAt(tasks, self())].rcu, 'I-22');
  tasks[rowAt(tasks, self())].rcu = false;
}
/** What may sleep does so nowhere inside a read section, nor with `mmu_lock` held. */
export function might_sleep(): void {
  WARN_ON(holds(vm.mmu_lock) || tasks[rowAt(tasks, self())].rcu, 'I-23');
}
/** `call_rcu(&sp->rcu_head, tdp_mmu_free_sp_rcu_callback)`. */
export function call_rcu(sp: Ref<'pages'>): void {
  pages[sp].rcu_head = true;
}
/** The page that waits for a grace period; NULL if there is none. */
export function rcu_callback_pending(): Ref<'pages'> {
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (isAllocated(sp) && pages[sp].rcu_head) return sp;
  }
  return NULL;
}
/** One grace period after the other, one callback each. */
export function rcu_grace_periods(): void {
  while (true) {
    idleUntil(rcu_callback_pending() !== NULL);
    const sp = rcu_callback_pending();
    let readers: Small<63> = 0;
    for (let i: u32 = 0; i < TASKS; i++) {
      if (tasks[rowAt(tasks, i)].rcu) readers |= 1 << i;
    }
    for (let i: u32 = 0; i < TASKS; i++) {
      if ((readers & (1 << i)) !== 0) wait(!tasks[rowAt(tasks, i)].rcu, 'RCU grace period');
    }
    free(sp);
  }
}
