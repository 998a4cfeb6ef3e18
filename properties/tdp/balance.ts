/** I-22 lock-and-RCU-balance: asserted where sections begin and end; whoever is at rest is in none. */
import { type bool, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { TASKS } from '../../model/tdp/machine/constants.ts';
import { tasks } from '../../model/tdp/machine/tasks.ts';
import type { Property } from '../property.ts';

export const I_22: Property = {
  id: 'I-22',
  name: 'lock-and-RCU-balance',
  kind: 'state',
  statement: 'Every path leaves the RCU read section that it entered: at rest nobody is inside one.',
  kernelExpression: 'lockdep',
  predicate: 'I_22_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: {
    scenario: '3.5 D',
    variant: 'base',
    procedure: 'tdp_mmu_zap_leafs',
    statement: 'rcu_read_unlock();',
    operator: 'delete',
  },
  file: 'properties/tdp/balance.ts',
};

export function I_22_holds(): bool {
  for (let t: u32 = 0; t < TASKS; t++) {
    if (tasks[rowAt(tasks, t)].rcu) return false;
  }
  return true;
}
