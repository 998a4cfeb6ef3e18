/**
 * I-31 zap-all-terminates. What the zapper owes is the end of its loop.
 */
import type { bool } from '../compiler/subset/vocabulary.ts';
import { vm } from '../model/machine/vm.ts';
import type { Property } from './property.ts';
import { zapperRuns } from './recorders.ts';

export const I_31: Property = {
  id: 'I-31',
  name: 'zap-all-terminates',
  kind: 'progress',
  statement: 'A zap of everything comes to its end, whatever vCPUs that fault for ever build meanwhile.',
  kernelExpression: 'the soft-lockup watchdog',
  predicate: 'I_31_owed',
  recorders: [...zapperRuns],
  mutant: {
    scenario: '3.1 B',
    variant: 'v3.10',
    procedure: 'kvm_mmu_zap_all',
    statement: 'if (ret.value !== 0) continue restart;',
    operator: 'negate',
  },
  file: 'properties/zapAllTerminates.ts',
};

/** Somebody is in that loop. One thread at a time is, under slots_lock. */
export function I_31_owed(): bool {
  return vm.zapper !== 0;
}
