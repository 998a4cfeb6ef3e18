/**
 * I-08 parent-consistency.
 */

import { type bool, isAllocated, listContains, pointerTo, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { PAGES, PT64_ENT_PER_PAGE } from '../model/machine/constants.ts';
import { pages } from '../model/machine/pages.ts';
import { mmuLockFree, type Property } from './property.ts';

export const I_08: Property = {
  id: 'I-08',
  name: 'parent-consistency',
  kind: 'state',
  statement: 'An SPTE is in parent_ptes of a shadow page if and only if it is present, not a leaf, and points to that page.',
  kernelExpression: 'KVM_BUG_ON_DATA_CORRUPTION in pte_list_remove()',
  predicate: 'I_08_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '3.3 A',
    variant: 'fixed',
    procedure: 'link_shadow_page',
    statement: 'mmu_page_add_parent_pte(sp, sptep);',
    operator: 'delete',
  },
  file: 'properties/parentConsistency.ts',
};

export function I_08_holds(): bool {
  for (let c: u32 = 0; c < PAGES; c++) {
    const child = rowAt(pages, c);
    for (let p: u32 = 0; p < PAGES; p++) {
      const parent = rowAt(pages, p);
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        const links = isAllocated(parent) && pages[parent].spt[i] === c + 1;
        const listed = isAllocated(child) && listContains(pages[child].parent_ptes, pointerTo(pages, parent, 'spt', i));
        if (links !== listed) return false;
      }
    }
  }
  return true;
}
