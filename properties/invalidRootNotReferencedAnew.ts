/**
 * I-48 invalid-root-not-referenced-anew. Judged on what became current; a rotation moves roots through the slots.
 */

import type { bool, Ref, s32, u32 } from '../compiler/subset/vocabulary.ts';
import { mmus } from '../model/machine/mmus.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_drop_expected, spec_slot_obsolete } from './common.ts';
import type { Property } from './property.ts';
import { requestOwed } from './recorders.ts';

export const I_48: Property = {
  id: 'I-48',
  name: 'invalid-root-not-referenced-anew',
  kind: 'event',
  statement: 'A switch or load makes an obsolete root current only while a request to drop it is pending or still to come.',
  kernelExpression: 'comparison of the role word',
  hooks: [
    { event: { on: 'return', procedure: 'kvm_mmu_new_pgd' }, procedure: 'I_48_atSwitch' },
    { event: { on: 'return', procedure: 'kvm_mmu_load' }, procedure: 'I_48_atLoad' },
  ],
  recorders: [...requestOwed],
  mutant: {
    scenario: '3.3 A',
    variant: 'fixed',
    procedure: 'kvm_mmu_zap_all_fast',
    statement: 'kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);',
    operator: 'delete',
  },
  file: 'properties/invalidRootNotReferencedAnew.ts',
};

/** A root can become obsolete while it is switched to: then a request is on its way. */
export function I_48_holds(vcpu: Ref<'vcpus'>): bool {
  return !spec_slot_obsolete(mmus[vcpus[vcpu].mmu].root.hpa) || spec_drop_expected(vcpu);
}
export function I_48_atSwitch(vcpu: Ref<'vcpus'>, new_pgd: u32): bool {
  return I_48_holds(vcpu);
}
export function I_48_atLoad(vcpu: Ref<'vcpus'>, result: s32): bool {
  return result !== 0 || I_48_holds(vcpu);
}
