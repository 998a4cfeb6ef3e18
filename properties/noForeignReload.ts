/**
 * I-35 no-foreign-reload. Special roots always go, so they do not count.
 */

import type { Ref, Root, u32 } from '../compiler/subset/vocabulary.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_vcpu_of } from './common.ts';
import type { Property } from './property.ts';
import { dropCause, validDrops } from './recorders.ts';

export const I_35: Property = {
  id: 'I-35',
  name: 'no-foreign-reload',
  kind: 'event',
  statement: 'The zap of one root makes only those vCPUs drop a root that hold the zapped one.',
  kernelExpression: 'none',
  hooks: [
    { event: { on: 'write', table: 'mmus', field: 'root.hpa' }, procedure: 'I_35_atCurrent' },
    { event: { on: 'write', table: 'mmus', field: 'prev_roots.hpa' }, procedure: 'I_35_atPrevious' },
  ],
  worst: { one: 'root', many: 'roots', what: 'dropped by a vCPU that did not hold the zapped one', bound: () => 0 },
  recorders: [...validDrops, ...dropCause],
  mutant: {
    scenario: '3.3 D',
    variant: 'fixed',
    procedure: 'is_obsolete_root',
    statement: 'return sp === NULL || is_obsolete_sp(sp);',
    operator: 'negate',
  },
  file: 'properties/noForeignReload.ts',
};

/** In a service for single roots that began without an obsolete root, no slot loses a root that is still valid. */
export function I_35_dropped(mmu: Ref<'mmus'>): u32 {
  const vcpu = spec_vcpu_of(mmu);
  if (!vcpus[vcpu].dropForOneRoot || vcpus[vcpu].heldObsolete) return 0;
  return vcpus[vcpu].validDropped;
}
export function I_35_atCurrent(mmu: Ref<'mmus'>, before: Root<'pages', 1>, after: Root<'pages', 1>): u32 {
  return I_35_dropped(mmu);
}
export function I_35_atPrevious(mmu: Ref<'mmus'>, index: u32, before: Root<'pages', 1>, after: Root<'pages', 1>): u32 {
  return I_35_dropped(mmu);
}
