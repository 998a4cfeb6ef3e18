/**
 * What belongs to one thread of the kernel: row n is the n-th process of the scenario.
 *
 * In: bounds. Out: the schema, and the name `tasks` for procedures. Never: locks, which know their holders.
 */
import type { z } from 'zod';
import { flag, ghost, staticTable, uint } from '../../../compiler/machine/schema.ts';
import { rows } from '../../../compiler/subset/vocabulary.ts';
import { taskCount } from './constants.ts';
import type { RootBounds } from './rootBounds.ts';

export function tasksTable(bounds: RootBounds) {
  const roots = {
    /** In the middle of taking or putting references on roots: 1 as a walker, 2 for a vCPU's slot, 3 for the TDP MMU's own, 4 until the slot is empty. */
    refsMoving: ghost(uint(4)),
    /** Inside a zap of everything. */
    zapsAll: ghost(flag()),
  };
  return staticTable(taskCount, {
    /** Inside an RCU read section. */
    rcu: flag(),
    /** The SPTE of a tree that it has frozen and not released, as row × entries + index + 1; 0: none. */
    frozen: ghost(uint(bounds.pages * bounds.fanout)),
    ...(bounds.loadsRoots === true ? roots : ({} as typeof roots)),
  });
}
export type Task = z.infer<ReturnType<typeof tasksTable>>;
export const tasks = rows<'tasks', Task>('tasks');
