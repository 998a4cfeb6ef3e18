/**
 * I-05 flush-before-free. Judged at each free and each guest entry, on what the hardware may have cached.
 */

import { type bool, indexOf, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { VCPUS } from '../model/machine/constants.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import type { Property } from './property.ts';
import { hardwareCaches } from './recorders.ts';

export const I_05: Property = {
  id: 'I-05',
  name: 'flush-before-free',
  kind: 'event',
  statement: 'When a table is freed, every vCPU that may have cached it is outside the guest, and flushes before it runs again.',
  kernelExpression: 'structure of kvm_mmu_commit_zap_page(), comments',
  hooks: [
    { event: { on: 'free', table: 'pages' }, procedure: 'I_05_atFree' },
    { event: { on: 'free', table: 'pages' }, procedure: 'record_page_goes' },
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'I_05_atEntry' },
  ],
  recorders: [...hardwareCaches],
  mutant: {
    scenario: '2.2',
    variant: 'fixed',
    procedure: 'kvm_mmu_commit_zap_page',
    statement: 'kvm_flush_remote_tlbs();',
    operator: 'delete',
  },
  file: 'properties/flushBeforeFree.ts',
};

/** No guest runs on a CPU that may have cached the table. */
export function I_05_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].inGuest && (vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) return false;
  }
  return true;
}

/** Whoever was outside has flushed before it runs again. */
export function I_05_atEntry(vcpu: Ref<'vcpus'>): bool {
  return !vcpus[vcpu].staleCache;
}
