/**
 * I-07 no-install-in-obsolete-root.
 */

import type { bool, Pointer, Ref } from '../compiler/subset/vocabulary.ts';
import { mmus } from '../model/machine/mmus.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_slot_obsolete } from './common.ts';
import type { Property } from './property.ts';

export const I_07: Property = {
  id: 'I-07',
  name: 'no-install-in-obsolete-root',
  kind: 'event',
  statement: 'A fault links a table or sets a translation only while the current root is not obsolete.',
  kernelExpression: 'is_page_fault_stale(); WARN_ON_ONCE(role.invalid) in kvm_mmu_child_role() (2026)',
  hooks: [
    { event: { on: 'call', procedure: 'link_shadow_page' }, procedure: 'I_07_atLink' },
    { event: { on: 'call', procedure: 'mmu_set_spte' }, procedure: 'I_07_atSet' },
  ],
  recorders: [],
  mutant: {
    scenario: '3.1 D',
    variant: 'checked',
    procedure: 'kvm_mmu_page_fault',
    statement: 'if (!is_page_fault_stale(vcpu))',
    operator: 'negate',
  },
  file: 'properties/noInstallInObsoleteRoot.ts',
};

export function I_07_holds(vcpu: Ref<'vcpus'>): bool {
  return !spec_slot_obsolete(mmus[vcpus[vcpu].mmu].root.hpa);
}
export function I_07_atLink(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, sp: Ref<'pages'>): bool {
  return I_07_holds(vcpu);
}
export function I_07_atSet(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>): bool {
  return I_07_holds(vcpu);
}
