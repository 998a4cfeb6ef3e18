/**
 * I-15 quota.
 */

import { type bool, isAllocated, listContains, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, PAGES } from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { pages } from '../model/machine/pages.ts';
import { vm } from '../model/machine/vm.ts';
import { spec_lists_holding } from './common.ts';
import { mmuLockFree, type Property } from './property.ts';

export const I_15: Property = {
  id: 'I-15',
  name: 'quota',
  kind: 'state',
  statement: 'n_used_mmu_pages counts the active pages, and the roots that were zapped in use and wait for their last slot.',
  kernelExpression: 'none',
  predicate: 'I_15_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '3.3 B',
    variant: 'fixed',
    procedure: '__kvm_mmu_prepare_zap_page',
    statement: 'vm.n_used_mmu_pages -= 1;',
    operator: 'delete',
  },
  file: 'properties/quota.ts',
};

export function I_15_holds(): bool {
  let counted: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp)) {
      if (listContains(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp)) counted += 1;
      else if (pages[sp].role.invalid && spec_lists_holding(sp) === 0) counted += 1;
    }
  }
  return counted === vm.n_used_mmu_pages;
}
