/**
 * I-48 invalid-root-not-referenced-anew. Judged on what became current; a rotation moves roots through the slots.
 */

import { type bool, NULL, type Ref, type s32, type u32 } from '../compiler/subset/vocabulary.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_drop_expected, spec_obsolete, spec_page } from './common.ts';
import type { Property } from './property.ts';
import { requestOwed } from './recorders.ts';

export const I_48: Property = {
  id: 'I-48',
  name: 'invalid-root-not-referenced-anew',
  kind: 'event',
  statement:
    'A switch or load never makes an invalid root current, and an obsolete one only while a request to drop it is pending or to come.',
  kernelExpression: 'comparison of the role word',
  hooks: [
    { event: { on: 'return', procedure: 'kvm_mmu_new_pgd' }, procedure: 'I_48_atSwitch' },
    { event: { on: 'return', procedure: 'kvm_mmu_load' }, procedure: 'I_48_atLoad' },
  ],
  recorders: [...requestOwed],
  mutant: { scenario: '3.3 B', variant: 'fixed', procedure: 'root_role_matches', statement: '!pages[sp].role.invalid', operator: 'delete' },
  file: 'properties/invalidRootNotReferencedAnew.ts',
};

export function I_48_holds(vcpu: Ref<'vcpus'>): bool {
  const sp = spec_page(mmus[vcpus[vcpu].mmu].root.hpa);
  if (sp === NULL) return true;
  if (pages[sp].role.invalid) return false;
  return !spec_obsolete(sp) || spec_drop_expected(vcpu);
}
export function I_48_atSwitch(vcpu: Ref<'vcpus'>, new_pgd: u32): bool {
  return I_48_holds(vcpu);
}
export function I_48_atLoad(vcpu: Ref<'vcpus'>, result: s32): bool {
  return result !== 0 || I_48_holds(vcpu);
}
