/** I-44 nonpresent-change. Judged at each SPTE that is written. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { FROZEN_SPTE, SHADOW_NONPRESENT_VALUE, SPTE_MMU_PRESENT_MASK } from '../../model/tdp/machine/constants.ts';
import type { Property } from '../property.ts';

export const I_44: Property = {
  id: 'I-44',
  name: 'nonpresent-change',
  kind: 'event',
  statement:
    'An SPTE that is not present becomes present, or frozen; one that is frozen becomes empty. There is nothing else that is not present.',
  kernelExpression: 'WARN_ON() in handle_changed_spte()',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_44_atWrite' }],
  recorders: [],
  mutant: {
    scenario: '3.4 A',
    variant: 'base',
    procedure: 'tdp_mmu_zap_spte_atomic',
    statement: 'put(iter.sptep, SHADOW_NONPRESENT_VALUE);',
    operator: 'replaceArgument',
  },
  file: 'properties/tdp/nonpresentChange.ts',
};

export function I_44_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if ((before & SPTE_MMU_PRESENT_MASK) !== 0 || (after & SPTE_MMU_PRESENT_MASK) !== 0 || before === after) return true;
  return after === FROZEN_SPTE || (before === FROZEN_SPTE && after === SHADOW_NONPRESENT_VALUE);
}
