/**
 * I-32 fault-progress. Judged with guests that go on with an access until it is done.
 */
import { type bool, rowAt } from '../compiler/subset/vocabulary.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import type { Property } from './property.ts';

export const I_32: Property = {
  id: 'I-32',
  name: 'fault-progress',
  kind: 'progress',
  statement: 'A vCPU whose access is legal completes it: it does not fault and retry for ever when nothing is invalidated any more.',
  kernelExpression: 'none: RET_PF_RETRY means that the guest tries again',
  predicate: 'I_32_owed',
  recorders: [],
  mutant: {
    scenario: '3.3 A live',
    variant: 'fixed',
    procedure: 'kvm_mmu_zap_all_fast',
    statement: 'kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);',
    operator: 'delete',
  },
  file: 'properties/faultProgress.ts',
};

/**
 * vCPU 0 is at an access: for any other vCPU it would read the same, and two that take turns must not be taken for one that waits. Zaps
 * and invalidations end in every scenario, so none goes on for ever.
 */
export function I_32_owed(): bool {
  return vcpus[rowAt(vcpus, 0)].access !== 0;
}
