/**
 * I-36 no-valid-root-dropped. Special roots are exempt.
 */

import type { Ref, Root, u32 } from '../compiler/subset/vocabulary.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_vcpu_of } from './common.ts';
import type { Property } from './property.ts';
import { validDrops } from './recorders.ts';

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
  worst: { one: 'valid root', many: 'valid roots', what: 'freed by one service of a root-drop request', bound: () => 0 },
  recorders: [...validDrops],
  mutant: {
    scenario: '3.3 C',
    variant: 'fixed',
    procedure: 'is_obsolete_root',
    statement: 'return sp === NULL || is_obsolete_sp(sp);',
    operator: 'negate',
  },
  file: 'properties/noValidRootDropped.ts',
};

export function I_36_atCurrent(mmu: Ref<'mmus'>, before: Root<'pages', 1>, after: Root<'pages', 1>): u32 {
  return vcpus[spec_vcpu_of(mmu)].validDropped;
}
export function I_36_atPrevious(mmu: Ref<'mmus'>, index: u32, before: Root<'pages', 1>, after: Root<'pages', 1>): u32 {
  return vcpus[spec_vcpu_of(mmu)].validDropped;
}
