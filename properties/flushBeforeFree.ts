/**
 * I-05 flush-before-free. Judged at each free, on what the hardware may have cached.
 */

import { type bool, indexOf, NULL, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { KVM_REQ_TLB_FLUSH, KVM_REQUEST_MASK, VCPUS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import type { Property } from './property.ts';
import { hardwareCaches } from './recorders.ts';

export const I_05: Property = {
  id: 'I-05',
  name: 'flush-before-free',
  kind: 'event',
  statement: 'When a table is freed, every vCPU that may have cached it is outside the guest and flushes before it runs again.',
  kernelExpression: 'structure of kvm_mmu_commit_zap_page(), comments',
  hooks: [{ event: { on: 'free', table: 'pages' }, procedure: 'I_05_atFree' }],
  recorders: [...hardwareCaches],
  mutant: {
    scenario: '3.3 A',
    variant: 'fixed',
    procedure: 'kvm_mmu_commit_zap_page',
    statement: 'kvm_flush_remote_tlbs();',
    operator: 'delete',
  },
  file: 'properties/flushBeforeFree.ts',
};

/** Outside the guest, a pending flush will empty the cache before the next entry; so will the load of a root, if there is none. */
export function I_05_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if ((vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) {
      if (vcpus[vcpu].inGuest) return false;
      const flushes = (vcpus[vcpu].requests & (1 << (KVM_REQ_TLB_FLUSH & KVM_REQUEST_MASK))) !== 0;
      if (!flushes && mmus[vcpus[vcpu].mmu].root.hpa !== NULL) return false;
    }
  }
  return true;
}
