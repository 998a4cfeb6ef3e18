/**
 * I-07 no-install-in-obsolete-root.
 */

import { type bool, NULL, type Pointer, type Ref, rowOf, type u32 } from '../compiler/subset/vocabulary.ts';
import { PAE_ROOTS } from '../model/machine/constants.ts';
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
    procedure: 'kvm_mmu_do_page_fault',
    statement: 'if (!is_page_fault_stale(vcpu))',
    operator: 'negate',
  },
  file: 'properties/noInstallInObsoleteRoot.ts',
};

/** A special root is as obsolete as what its entries hold. */
export function I_07_holds(vcpu: Ref<'vcpus'>): bool {
  const mmu = vcpus[vcpu].mmu;
  if (spec_slot_obsolete(mmus[mmu].root.hpa)) return false;
  if (rowOf(mmus[mmu].root.hpa) !== NULL) return true;
  for (let i: u32 = 0; i < PAE_ROOTS; i++) {
    if (spec_slot_obsolete(mmus[mmu].pae_root[i])) return false;
  }
  return true;
}
export function I_07_atLink(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, sp: Ref<'pages'>): bool {
  return I_07_holds(vcpu);
}
export function I_07_atSet(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, gfn: u32, write: bool): bool {
  return I_07_holds(vcpu);
}
