/**
 * I-27 no-leaked-page.
 */

import { type bool, isAllocated, listContains, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, PAGES } from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { pages } from '../model/machine/pages.ts';
import type { Property } from './property.ts';

export const I_27: Property = {
  id: 'I-27',
  name: 'no-leaked-page',
  kind: 'state',
  statement: 'At rest, every shadow page is hashed and on the active list, or is a root that some slot refers to.',
  kernelExpression: 'none for these pages; WARN_ON(tdp_mmu_pages) for those of the TDP MMU, when the VM is destroyed',
  predicate: 'I_27_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: {
    scenario: '3.3 B',
    variant: 'fixed',
    procedure: 'kvm_mmu_commit_zap_page',
    statement: 'if (listIsEmpty(lists[invalid_list].entries)) return;',
    operator: 'negate',
  },
  file: 'properties/noLeakedPage.ts',
};

export function I_27_holds(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].root_count === 0) {
      if (!pages[sp].hashed || !listContains(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp)) return false;
    }
  }
  return true;
}
