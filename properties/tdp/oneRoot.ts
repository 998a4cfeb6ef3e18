/** X-12 one-valid-root. Judged while nobody changes the list; a number of ours. */
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Property } from '../property.ts';
import { spec_listed_roots } from './common.ts';

export const X_12: Property = {
  id: 'X-12',
  name: 'one-valid-root',
  kind: 'state',
  statement: 'There is at most one valid root of a role: vCPUs share it.',
  kernelExpression: 'comment in kvm_tdp_mmu_alloc_root(), which looks again with tdp_mmu_pages_lock',
  predicate: 'X_12_holds',
  scope: { kind: 'noWriter', table: 'vm', field: 'tdp_mmu_pages_lock' },
  recorders: [],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'role_matches',
    statement: 'return pages[root].role.level === PT64_ROOT_LEVEL && !pages[root].role.invalid;',
    operator: 'negate',
  },
  file: 'properties/tdp/oneRoot.ts',
};

/** All roots of the model have one role. */
export function X_12_holds(): bool {
  const listed = spec_listed_roots();
  let valid: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if ((listed & (1 << p)) !== 0 && isAllocated(root) && !pages[root].role.invalid) valid += 1;
  }
  return valid <= 1;
}
