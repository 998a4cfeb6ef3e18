/** I-42 pfn-change. Judged at each SPTE that is written. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { SPTE_ADDR_SHIFT } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Property } from '../property.ts';
import { spec_is_leaf } from './common.ts';
import { published } from './published.ts';

export const I_42: Property = {
  id: 'I-42',
  name: 'pfn-change',
  kind: 'event',
  statement: 'A translation never changes its pfn at one go: it is zapped and flushed first.',
  kernelExpression: 'BUG() in handle_changed_spte()',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_42_atWrite' }],
  recorders: [...published],
  mutant: {
    scenario: '3.4 D',
    variant: 'v6.12',
    procedure: 'kvm_faultin_pfn',
    statement: 'fault.pfn = host_pfn(gfn_round_for_level(fault.gfn, fault.goal_level));',
    operator: 'delete',
  },
  file: 'properties/tdp/pfnChange.ts',
};

/** A spare table that nobody has linked yet may be filled anew for another huge page. */
export function I_42_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if (!pages[sp].published || !spec_is_leaf(before) || !spec_is_leaf(after)) return true;
  return before >> SPTE_ADDR_SHIFT === after >> SPTE_ADDR_SHIFT;
}
