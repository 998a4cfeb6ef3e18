/** X-14 root-count-at-rest, of our own: who walked the roots has put what it took. Needs no ghost, so also where no root comes or goes. */
import { type bool, isAllocated, NULL, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES, PT64_ROOT_LEVEL, VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';

export const X_14: Property = {
  id: 'X-14',
  name: 'root-count-at-rest',
  kind: 'state',
  statement:
    'At rest, tdp_mmu_root_count is the number of vCPU slots that hold the root, and one for the TDP MMU itself until it is zapped: no walk over the roots has kept a reference, or put one too many.',
  kernelExpression: 'none: the root is never freed, or while it is used',
  predicate: 'X_14_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: {
    scenario: '3.4 D',
    variant: 'v6.12',
    procedure: 'kvm_tdp_mmu_try_split_huge_pages',
    statement: 'kvm_tdp_mmu_put_root(root);',
    operator: 'delete',
  },
  file: 'properties/tdp/rootCountAtRest.ts',
};

export function X_14_holds(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if (isAllocated(root) && pages[root].ptep === NULL && pages[root].role.level === PT64_ROOT_LEVEL && !pages[root].rcu_head) {
      let count: u32 = !pages[root].role.invalid || pages[root].tdp_mmu_scheduled_root_to_zap ? 1 : 0;
      for (let v: u32 = 0; v < VCPUS; v++) {
        if (vcpus[rowAt(vcpus, v)].root === root) count += 1;
      }
      if (pages[root].tdp_mmu_root_count !== count) return false;
    }
  }
  return true;
}
