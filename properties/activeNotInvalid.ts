/**
 * I-14 active-not-invalid. From 5.9 on; before, zapped roots went back to the head of the list.
 */

import { type bool, isAllocated, listContains, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, PAGES } from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { pages } from '../model/machine/pages.ts';
import { mmuLockFree, type Property } from './property.ts';

export const I_14: Property = {
  id: 'I-14',
  name: 'active-not-invalid',
  kind: 'state',
  statement: 'No page on active_mmu_pages is invalid.',
  kernelExpression: 'WARN_ON(sp->role.invalid) in the zap loops',
  predicate: 'I_14_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '3.3 B',
    variant: 'fixed',
    procedure: '__kvm_mmu_prepare_zap_page',
    statement: 'list_del_link(sp);',
    operator: 'delete',
  },
  file: 'properties/activeNotInvalid.ts',
};

export function I_14_holds(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.invalid && listContains(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp)) return false;
  }
  return true;
}
