/**
 * I-45 unsync-marked. Pages are marked with `mmu_lock` held for write here, so `mmu_unsync_pages_lock` plays no part.
 */

import { type bool, isAllocated, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { PAGES, PT64_ENT_PER_PAGE, PT64_ROOT_LEVEL, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK } from '../model/machine/constants.ts';
import { pages } from '../model/machine/pages.ts';
import { mmuLockFree, type Property } from './property.ts';

export const I_45: Property = {
  id: 'I-45',
  name: 'unsync-marked',
  kind: 'state',
  statement: 'From each ancestor that links it, an unsync page is reached by set bits of unsync_child_bitmap.',
  kernelExpression: 'WARN_ON(unsync_children < 0) in clear_unsync_child_bit(); comment in mmu_try_to_unsync_pages()',
  predicate: 'I_45_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '2.22',
    variant: 'fixed',
    procedure: 'kvm_unsync_page',
    statement: 'kvm_mmu_mark_parents_unsync(sp);',
    operator: 'delete',
  },
  file: 'properties/unsyncMarked.ts',
};

export function I_45_holds(): bool {
  let below: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    if (isAllocated(rowAt(pages, p)) && pages[rowAt(pages, p)].unsync) below |= 1 << p;
  }
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    for (let p: u32 = 0; p < PAGES; p++) {
      const sp = rowAt(pages, p);
      if (isAllocated(sp)) {
        for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
          const spte = pages[sp].spt[i];
          if (spte !== 0 && (spte & SPTE_LAST_MASK) === 0 && (below & (1 << ((spte & SPTE_BASE_ADDR_MASK) - 1))) !== 0) {
            if ((pages[sp].unsync_child_bitmap & (1 << i)) === 0 || pages[sp].unsync_children === 0) return false;
            below |= 1 << p;
          }
        }
      }
    }
  }
  return true;
}
