/**
 * I-36 no-valid-root-dropped. Special roots are exempt.
 */

import { type bool, NULL, type Ref, type Root, type u32 } from '../compiler/subset/vocabulary.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_obsolete, spec_page, spec_vcpu_of } from './common.ts';
import type { Property } from './property.ts';
import { dropService } from './recorders.ts';

export const I_36: Property = {
  id: 'I-36',
  name: 'no-valid-root-dropped',
  kind: 'event',
  statement: 'The service of a root-drop request frees no root that is valid and has a shadow page.',
  kernelExpression: 'none',
  hooks: [
    { event: { on: 'write', table: 'mmus', field: 'root.hpa' }, procedure: 'I_36_atCurrent' },
    { event: { on: 'write', table: 'mmus', field: 'prev_roots.hpa' }, procedure: 'I_36_atPrevious' },
  ],
  recorders: [...dropService],
  mutant: {
    scenario: '3.3 C',
    variant: 'fixed',
    procedure: 'is_obsolete_root',
    statement: 'return sp === NULL || is_obsolete_sp(sp);',
    operator: 'negate',
  },
  file: 'properties/noValidRootDropped.ts',
};

export function I_36_holds(mmu: Ref<'mmus'>, before: Root<'pages', 1>, after: Root<'pages', 1>): bool {
  if (!vcpus[spec_vcpu_of(mmu)].inDropService || after !== NULL) return true;
  const sp = spec_page(before);
  return sp === NULL || spec_obsolete(sp);
}
export function I_36_atCurrent(mmu: Ref<'mmus'>, before: Root<'pages', 1>, after: Root<'pages', 1>): bool {
  return I_36_holds(mmu, before, after);
}
export function I_36_atPrevious(mmu: Ref<'mmus'>, index: u32, before: Root<'pages', 1>, after: Root<'pages', 1>): bool {
  return I_36_holds(mmu, before, after);
}
