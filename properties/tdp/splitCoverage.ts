/** I-40 split-coverage. Judged when KVM_CLEAR_DIRTY_LOG returns. */
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { CLEARED_GFNS, PAGES, SPTE_ENT_PER_PAGE } from '../../model/tdp/machine/constants.ts';
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
  recorders: [],
  mutant: {
    scenario: '3.4 E',
    variant: 'v6.8',
    procedure: 'kvm_arch_mmu_enable_log_dirty_pt_masked',
    statement: 'kvm_tdp_mmu_try_split_huge_pages(start, end + 1, PG_LEVEL_4K, false);',
    operator: 'delete',
  },
  file: 'properties/tdp/splitCoverage.ts',
};

export function I_40_atReturn(): bool {
  const linked = spec_linked();
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if ((linked & (1 << p)) !== 0 && isAllocated(sp) && pages[sp].role.level > 1) {
      for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
        if (spec_is_leaf(pages[sp].spt[i]) && (spec_entry_gfns(sp, i) & CLEARED_GFNS) !== 0) return false;
      }
    }
  }
  return true;
}
