/**
 * I-12 obsolete-tail.
 */

import { type bool, listFirst, listNext, NULL, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, PAGES } from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { pages } from '../model/machine/pages.ts';
import { spec_obsolete } from './common.ts';
import { mmuLockFree, type Property } from './property.ts';

export const I_12: Property = {
  id: 'I-12',
  name: 'obsolete-tail',
  kind: 'state',
  statement: 'On active_mmu_pages, seen from the tail, obsolete pages come before all others.',
  kernelExpression: 'the early break in kvm_zap_obsolete_pages()',
  predicate: 'I_12_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '3.1 E',
    variant: 'v3.11',
    procedure: '__kvm_mmu_prepare_zap_page',
    statement: 'pages[sp].role.invalid = true;',
    operator: 'delete',
  },
  file: 'properties/obsoleteTail.ts',
};

/** Zapped roots that were put back at the head (until 5.8) do not count. */
export function I_12_holds(): bool {
  const active = rowAt(lists, LIST_ACTIVE_MMU_PAGES);
  let sp = listFirst(lists[active].entries);
  let obsolete: bool = false;
  for (let i: u32 = 0; i < PAGES; i++) {
    if (sp === NULL) return true;
    if (!pages[sp].role.invalid) {
      if (spec_obsolete(sp)) obsolete = true;
      else if (obsolete) return false;
    }
    sp = listNext(lists[active].entries, sp);
  }
  return true;
}
