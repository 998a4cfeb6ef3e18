/** I-47 writable-bits. Judged at each SPTE that is written. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { PT_WRITABLE_MASK, shadow_host_writable_mask, shadow_mmu_writable_mask } from '../../model/tdp/machine/constants.ts';
import type { Property } from '../property.ts';
import { spec_is_leaf } from './common.ts';

export const I_47: Property = {
  id: 'I-47',
  name: 'writable-bits',
  kind: 'event',
  statement: 'A translation that may be written to is MMU-writable and host-writable.',
  kernelExpression: 'check_spte_writable_invariants()',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_47_atWrite' }],
  recorders: [],
  mutant: {
    scenario: '3.4 A init',
    variant: 'v6.12',
    procedure: 'fast_page_fault',
    statement: 'else if (is_mmu_writable_spte(iter.old_spte) &&',
    operator: 'negate',
  },
  file: 'properties/tdp/writableBits.ts',
};

export function I_47_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if (!spec_is_leaf(after) || (after & PT_WRITABLE_MASK) === 0) return true;
  return (after & shadow_mmu_writable_mask) !== 0 && (after & shadow_host_writable_mask) !== 0;
}
