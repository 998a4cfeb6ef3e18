/**
 * I-09 rmap-consistency.
 */

import { type bool, isAllocated, listContains, pointerTo, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { GFNS, PAGES, PT64_ENT_PER_PAGE, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK } from '../model/machine/constants.ts';
import { pages } from '../model/machine/pages.ts';
import { rmaps } from '../model/machine/rmaps.ts';
import { mmuLockFree, type Property } from './property.ts';

export const I_09: Property = {
  id: 'I-09',
  name: 'rmap-consistency',
  kind: 'state',
  statement: 'An SPTE of the shadow MMU is in the rmap of a gfn if and only if it is a present leaf that translates to this gfn.',
  kernelExpression: 'KVM_BUG_ON_DATA_CORRUPTION in pte_list_remove(), BUG_ON(!present) in the iteration of rmaps',
  predicate: 'I_09_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '2.22',
    variant: 'fixed',
    procedure: 'drop_spte',
    statement: 'rmap_remove(gfn, sptep);',
    operator: 'delete',
  },
  file: 'properties/rmapConsistency.ts',
};

export function I_09_holds(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
      const leaf = isAllocated(sp) && (pages[sp].spt[i] & SPTE_LAST_MASK) !== 0;
      for (let gfn: u32 = 0; gfn < GFNS; gfn++) {
        const mapped = leaf && (pages[sp].spt[i] & SPTE_BASE_ADDR_MASK) === gfn;
        if (mapped !== listContains(rmaps[rowAt(rmaps, gfn)].sptes, pointerTo(pages, sp, 'spt', i))) return false;
      }
    }
  }
  return true;
}
