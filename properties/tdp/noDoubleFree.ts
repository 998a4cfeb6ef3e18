/** I-26 no-double-free, for the TDP MMU. A second free of the same page is a fault of the machine itself. */
import { type bool, indexOf, type Ref, type u32 } from '../../compiler/subset/vocabulary.ts';
import type { Property } from '../property.ts';
import { spec_in_trees } from './common.ts';

export const tdp_I_26: Property = {
  id: 'I-26',
  name: 'no-double-free',
  kind: 'event',
  statement: 'A table page is freed only when no root leads to it.',
  kernelExpression: 'slab debugging',
  hooks: [{ event: { on: 'free', table: 'pages' }, procedure: 'tdp_I_26_atFree' }],
  recorders: [],
  mutant: {
    scenario: '3.4 D',
    variant: 'v6.12',
    procedure: 'tdp_mmu_split_huge_pages_root',
    statement: 'sp = NULL;',
    operator: 'delete',
  },
  file: 'properties/tdp/noDoubleFree.ts',
};

export function tdp_I_26_atFree(sp: Ref<'pages'>): bool {
  const row: u32 = indexOf(sp);
  return (spec_in_trees() & (1 << row)) === 0;
}
