/** I-24 lock-mode: `lockdep_assert_held…` in the procedures themselves. */
import type { Property } from '../property.ts';

export const I_24: Property = {
  id: 'I-24',
  name: 'lock-mode',
  kind: 'assertion',
  statement: 'Each function finds mmu_lock held as it asserts, at every call and after every yield.',
  kernelExpression: 'lockdep_assert_held_read(), lockdep_assert_held_write()',
  recorders: [],
  mutant: {
    scenario: '3.5 A',
    variant: 'base',
    procedure: 'kvm_zap_gfn_range',
    statement: 'acquire(vm.mmu_lock);',
    operator: 'dropLock',
  },
  file: 'properties/tdp/lockMode.ts',
};
