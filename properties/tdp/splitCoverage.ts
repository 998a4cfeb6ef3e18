/** I-40 split-coverage. Judged when KVM_CLEAR_DIRTY_LOG returns. */
import { isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { GFNS, PAGES, SPTE_ENT_PER_PAGE } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Property } from '../property.ts';
import { spec_entry_gfns, spec_is_leaf, spec_linked } from './common.ts';

export const I_40: Property = {
  id: 'I-40',
  name: 'split-coverage',
  kind: 'event',
  statement: 'After a successful eager split of the gfns that user space names, no huge leaf maps any of them.',
  kernelExpression: 'none',
  hooks: [{ event: { on: 'return', procedure: 'kvm_clear_dirty_log_protect' }, procedure: 'I_40_atReturn' }],
  worst: { one: 'named gfn', many: 'named gfns', what: 'still mapped by a huge leaf', bound: () => 0 },
  recorders: [],
  mutant: {
    scenario: '3.4 E',
    variant: 'v6.8',
    procedure: 'split_pt_masked',
    statement: 'kvm_tdp_mmu_try_split_huge_pages(first_bit(mask), last_bit(mask) + 1, PG_LEVEL_4K, false);',
    operator: 'delete',
  },
  file: 'properties/tdp/splitCoverage.ts',
};

export function I_40_atReturn(named: u32): u32 {
  const linked = spec_linked();
  let huge: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if ((linked & (1 << p)) !== 0 && isAllocated(sp) && pages[sp].role.level > 1) {
      for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
        if (spec_is_leaf(pages[sp].spt[i])) huge |= spec_entry_gfns(sp, i) & named;
      }
    }
  }
  let count: u32 = 0;
  for (let gfn: u32 = 0; gfn < GFNS; gfn++) {
    if ((huge & (1 << gfn)) !== 0) count += 1;
  }
  return count;
}
