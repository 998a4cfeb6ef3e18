/**
 * I-04 no-obsolete-root-after-service. Judged at guest entry, behind the last check of requests.
 */

import { type bool, NULL, type Ref, rowOf, type u32 } from '../compiler/subset/vocabulary.ts';
import { PAE_ROOTS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_drop_expected, spec_slot_obsolete } from './common.ts';
import type { Property } from './property.ts';
import { requestOwed } from './recorders.ts';

export const I_04: Property = {
  id: 'I-04',
  name: 'no-obsolete-root-after-service',
  kind: 'event',
  statement: 'A vCPU enters the guest on an obsolete root only while the request to drop it is pending or still to be made.',
  kernelExpression: 'comments only; is_page_fault_stale()',
  hooks: [{ event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'I_04_atEntry' }],
  recorders: [...requestOwed],
  mutant: {
    scenario: '3.3 A',
    variant: 'fixed',
    procedure: 'kvm_mmu_zap_all_fast',
    statement: 'kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);',
    operator: 'delete',
  },
  file: 'properties/noObsoleteRootAfterService.ts',
};

/** The current root and, what the guest really runs on, the hardware's. */
export function I_04_atEntry(vcpu: Ref<'vcpus'>): bool {
  if (spec_drop_expected(vcpu)) return true;
  const mmu = vcpus[vcpu].mmu;
  if (spec_slot_obsolete(mmus[mmu].root.hpa) || spec_slot_obsolete(mmus[mmu].hw_root)) return false;
  if (rowOf(mmus[mmu].root.hpa) !== NULL) return true;
  for (let i: u32 = 0; i < PAE_ROOTS; i++) {
    if (spec_slot_obsolete(mmus[mmu].pae_root[i])) return false;
  }
  return true;
}
