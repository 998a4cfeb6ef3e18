/** I-32 fault-progress, where the fault is made by an ioctl of its own: the caller waits for it. */
import { type bool, rowAt } from '../../compiler/subset/vocabulary.ts';
import { SRCU_READING } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';

export const tdp_I_32: Property = {
  id: 'I-32',
  name: 'fault-progress',
  kind: 'progress',
  statement: 'KVM_PRE_FAULT_MEMORY comes to its end: it does not retry for ever when nothing is invalidated any more.',
  kernelExpression: 'none: RET_PF_RETRY means that the fault is made again',
  predicate: 'tdp_I_32_owed',
  recorders: [],
  mutant: {
    scenario: '2.6 zap',
    variant: 'reloadEach',
    procedure: 'kvm_tdp_map_page',
    statement: 'kvm_mmu_reload(vcpu);',
    operator: 'delete',
  },
  file: 'properties/tdp/faultProgress.ts',
};

/** vCPU 0 is inside the ioctl, which is one SRCU read section. */
export function tdp_I_32_owed(): bool {
  return (vcpus[rowAt(vcpus, 0)].srcu & SRCU_READING) !== 0;
}
