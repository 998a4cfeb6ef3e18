/** I-27 no-leaked-page, for the TDP MMU. */
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Property } from '../property.ts';
import { spec_closure, spec_listed_roots } from './common.ts';

export const tdp_I_27: Property = {
  id: 'I-27',
  name: 'no-leaked-page',
  kind: 'state',
  statement: 'At rest, every table page is a root on tdp_mmu_roots, or linked below one, or waits for a grace period.',
  kernelExpression: 'WARN_ON(tdp_mmu_pages) when the VM is destroyed',
  predicate: 'tdp_I_27_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: {
    scenario: '3.4 D',
    variant: 'v6.12',
    procedure: 'tdp_mmu_split_huge_pages_root',
    statement: 'if (sp !== NULL) free(sp);',
    operator: 'delete',
  },
  file: 'properties/tdp/noLeakedTable.ts',
};

export function tdp_I_27_holds(): bool {
  const set = spec_closure(spec_listed_roots());
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && !pages[sp].rcu_head && (set & (1 << p)) === 0) return false;
  }
  return true;
}
