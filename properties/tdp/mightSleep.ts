/** I-23 no-sleep-under-lock: `might_sleep()` in the procedures themselves. */
import type { Property } from '../property.ts';

export const I_23: Property = {
  id: 'I-23',
  name: 'no-sleep-under-lock',
  kind: 'assertion',
  statement: 'Nobody allocates in a way that may sleep while it holds mmu_lock or is inside an RCU read section.',
  kernelExpression: 'might_sleep(), lockdep',
  recorders: [],
  mutant: {
    scenario: '3.4 A',
    variant: 'v6.12',
    procedure: 'tdp_mmu_split_huge_pages_root',
    statement: 'if (shared) releaseShared(vm.mmu_lock);',
    operator: 'delete',
  },
  file: 'properties/tdp/mightSleep.ts',
};
