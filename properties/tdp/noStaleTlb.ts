/**
 * I-20 no-stale-TLB. Judged when the host frees a page, and at each SPTE that is written after that, and at guest entry.
 */

import { type bool, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { spec_freed_gfns } from './common.ts';
import { hardware } from './recorders.ts';

export const I_20: Property = {
  id: 'I-20',
  name: 'no-stale-TLB',
  kind: 'event',
  statement: 'No vCPU can use a translation to a page that the host has freed after invalidate_range_start returned.',
  kernelExpression: 'none',
  hooks: [
    { event: { on: 'write', table: 'vm', field: 'host_freed' }, procedure: 'I_20_atFree' },
    { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_20_atWrite' },
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'I_20_atEntry' },
  ],
  recorders: [...hardware],
  mutant: {
    scenario: '3.5 A',
    variant: 'base',
    procedure: 'kvm_mmu_notifier_invalidate_range_start',
    statement: 'if (flush) kvm_flush_remote_tlbs();',
    operator: 'delete',
  },
  file: 'properties/tdp/noStaleTlb.ts',
};

export function I_20_holds(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (!vcpus[vcpu].outside && (vcpus[vcpu].tlb & spec_freed_gfns()) !== 0) return false;
  }
  return true;
}
export function I_20_atFree(before: u32, after: u32): bool {
  return I_20_holds();
}
export function I_20_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  return I_20_holds();
}
export function I_20_atEntry(vcpu: Ref<'vcpus'>): bool {
  return (vcpus[vcpu].tlb & spec_freed_gfns()) === 0;
}
