/**
 * I-30 zap-all-complete.
 */

import { type bool, isAllocated, listContains, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, PAGES } from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { pages } from '../model/machine/pages.ts';
import { vm } from '../model/machine/vm.ts';
import type { Property } from './property.ts';

export const I_30: Property = {
  id: 'I-30',
  name: 'zap-all-complete',
  kind: 'event',
  statement: 'When a zap of everything returns, no page of an older generation that was not zapped is on active_mmu_pages.',
  kernelExpression: 'final WARNs at destruction',
  // Some 6.12 zap a memslot by the two halves of the fast zap, without the function around them.
  hooks: ['kvm_mmu_zap_all_fast', '__kvm_mmu_zap_all_fast_back_half'].map((procedure) => ({
    event: { on: 'return', procedure },
    procedure: 'I_30_atReturn',
  })),
  recorders: [],
  mutant: {
    scenario: '3.1 E',
    variant: 'fixed',
    procedure: 'kvm_zap_obsolete_pages',
    statement: 'if (!is_obsolete_sp(sp)) break restart;',
    operator: 'negate',
  },
  file: 'properties/zapAllComplete.ts',
};

/** The caller still holds slots_lock, so no other zap has begun. Until 5.8 roots in use go back to the list when they are zapped. */
export function I_30_atReturn(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (
      isAllocated(sp) &&
      pages[sp].mmu_valid_gen !== vm.mmu_valid_gen &&
      !pages[sp].role.invalid &&
      listContains(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp)
    ) {
      return false;
    }
  }
  return true;
}
