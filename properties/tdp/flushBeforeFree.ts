/** I-05 flush-before-free, for the TDP MMU. A vCPU outside its guest may flush later: that is judged when it enters. */
import { type bool, indexOf, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { hardware } from './recorders.ts';

export const tdp_I_05: Property = {
  id: 'I-05',
  name: 'flush-before-free',
  kind: 'event',
  statement: 'When a table is freed, no vCPU may have cached it: who unlinked it flushed before the grace period could end.',
  kernelExpression: 'comments on RCU in tdp_mmu.c',
  hooks: [
    { event: { on: 'free', table: 'pages' }, procedure: 'tdp_I_05_atFree' },
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'tdp_I_05_atEntry' },
  ],
  recorders: [...hardware],
  mutant: {
    scenario: '3.4 C',
    variant: 'v6.12',
    procedure: 'kvm_recover_nx_huge_pages',
    statement: 'kvm_flush_remote_tlbs();',
    operator: 'delete',
  },
  file: 'properties/tdp/flushBeforeFree.ts',
};

export function tdp_I_05_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    if ((vcpus[rowAt(vcpus, v)].mayCache & (1 << indexOf(sp))) !== 0) return false;
  }
  return true;
}
export function tdp_I_05_atEntry(vcpu: Ref<'vcpus'>): bool {
  return !vcpus[vcpu].staleCache;
}
