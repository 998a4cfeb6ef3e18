/**
 * What belongs to one thread of the kernel: row n is the n-th process of the scenario.
 *
 * In: nothing. Out: the schema, and the name `tasks` for procedures. Never: locks, which know their holders.
 */
import type { z } from 'zod';
import { flag, staticTable } from '../../../compiler/machine/schema.ts';
import { rows } from '../../../compiler/subset/vocabulary.ts';
import { taskCount } from './constants.ts';

export function tasksTable() {
  return staticTable(taskCount, {
    /** Inside an RCU read section. */
    rcu: flag(),
  });
}
export type Task = z.infer<ReturnType<typeof tasksTable>>;
export const tasks = rows<'tasks', Task>('tasks');
