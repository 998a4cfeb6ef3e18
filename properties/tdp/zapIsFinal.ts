/**
 * I-06 zap-is-final. Judged when the last of the zaps under way returns, and at each SPTE that a fault installs after that.
 */

import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Property } from '../property.ts';
import { spec_range } from './common.ts';
import { zaps } from './recorders.ts';

export const I_06: Property = {
  id: 'I-06',
  name: 'zap-is-final',
  kind: 'event',
  statement:
    'When a zap of a range returns, no SPTE maps into it but those installed from data read since, and no other is installed later.',
  kernelExpression: 'WARN on an unset range; mmu_invalidate_retry_gfn()',
  hooks: [
    { event: { on: 'return', procedure: 'kvm_zap_gfn_range' }, procedure: 'I_06_atReturn' },
    { event: { on: 'return', procedure: 'kvm_mmu_notifier_invalidate_range_start' }, procedure: 'I_06_atReturn' },
    { event: { on: 'return', procedure: 'kvm_mmu_invalidate_zap_pages_in_memslot' }, procedure: 'I_06_atReturn' },
    { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_06_atWrite' },
  ],
  recorders: [...zaps],
  mutant: {
    scenario: '3.5 D',
    variant: 'base',
    procedure: 'kvm_mmu_invalidate_end',
    statement: 'vm.mmu_invalidate_seq += 1;',
    operator: 'delete',
  },
  file: 'properties/tdp/zapIsFinal.ts',
};

export function I_06_atReturn(start: u32, end: u32): bool {
  return vm.zapsOpen !== 0 || (vm.suspect & spec_range(start, end)) === 0;
}
export function I_06_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  return vm.zapsOpen !== 0 || vm.suspect === 0;
}
