/** I-52 memslot-unreferenced. Judged when the slot's arrays are freed. Every page of the guest that is no table is in it. */
import { type bool, isAllocated, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { PAGES, PT64_ENT_PER_PAGE, SPTE_LAST_MASK } from '../model/machine/constants.ts';
import { pages } from '../model/machine/pages.ts';
import type { Property } from './property.ts';

export const I_52: Property = {
  id: 'I-52',
  name: 'memslot-unreferenced',
  kind: 'event',
  statement: 'When the arrays of a memslot that was deleted are freed, no SPTE of any shadow page translates to a page of it.',
  kernelExpression: 'none',
  hooks: [{ event: { on: 'call', procedure: 'kvm_free_memslot' }, procedure: 'I_52_atFree' }],
  recorders: [],
  mutant: {
    scenario: '2.21 shadow',
    variant: 'fixed',
    procedure: 'kvm_delete_memslot',
    statement: 'kvm_arch_flush_shadow_memslot();',
    operator: 'delete',
  },
  file: 'properties/memslotUnreferenced.ts',
};

export function I_52_atFree(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp)) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        const spte = pages[sp].spt[i];
        if ((spte & SPTE_LAST_MASK) !== 0) return false;
      }
    }
  }
  return true;
}
