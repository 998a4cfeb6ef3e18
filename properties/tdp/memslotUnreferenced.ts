/** I-52 memslot-unreferenced. Judged when the slot is freed; that no fault uses it afterwards is checked of every use of a row. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { memslots } from '../../model/tdp/machine/memslots.ts';
import type { Property } from '../property.ts';
import { spec_linked, spec_range, spec_translated } from './common.ts';

export const tdp_I_52: Property = {
  id: 'I-52',
  name: 'memslot-unreferenced',
  kind: 'event',
  statement: 'When a memslot that was deleted or moved is freed, no SPTE below any root maps a gfn of it.',
  kernelExpression: 'none',
  hooks: [{ event: { on: 'free', table: 'memslots' }, procedure: 'tdp_I_52_atFree' }],
  recorders: [],
  mutant: {
    scenario: '2.21',
    variant: 'slot',
    procedure: 'kvm_swap_active_memslots',
    statement: 'synchronize_srcu_expedited();',
    operator: 'delete',
  },
  file: 'properties/tdp/memslotUnreferenced.ts',
};

export function tdp_I_52_atFree(slot: Ref<'memslots'>): bool {
  const gfn: u32 = memslots[slot].base_gfn;
  return (spec_translated(spec_linked(), false) & spec_range(gfn, gfn + 1)) === 0;
}
