/**
 * I-51 deadlock-free. What waits for what is known to the compiler: lock holders, writers that keep new readers out, SRCU and RCU grace
 * periods, IPIs. A loop that only reads the same again is a wait.
 */
import type { Property } from './property.ts';

export const I_51: Property = {
  id: 'I-51',
  name: 'deadlock-free',
  kind: 'deadlock',
  statement: 'No threads wait for each other in a ring, and there is always one that can go on until all that have to end have ended.',
  kernelExpression: 'lockdep; hung-task watchdog',
  recorders: [],
  mutant: {
    scenario: '2.21',
    variant: 'slot',
    procedure: 'kvm_arch_flush_shadow_memslot',
    statement: 'release(vm.mmu_lock);',
    operator: 'delete',
  },
  file: 'properties/deadlockFree.ts',
};
