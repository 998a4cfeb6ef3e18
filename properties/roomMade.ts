/**
 * X-15 room-made. Not one of the numbered invariants: none of them says how many shadow pages there may be.
 */

import type { bool } from '../compiler/subset/vocabulary.ts';
import { N_MAX_MMU_PAGES, PT64_ROOT_LEVEL } from '../model/machine/constants.ts';
import { vm } from '../model/machine/vm.ts';
import { mmuLockFree, type Property } from './property.ts';

export const X_15: Property = {
  id: 'X-15',
  name: 'room-made',
  kind: 'state',
  statement:
    'No more shadow pages are in use than the quota, and those that one fault may make beyond it: each makes room for one first, in the same section of ' +
    'mmu_lock. Machines have two levels or more.',
  kernelExpression: 'none; the comment in make_mmu_pages_available()',
  predicate: 'X_15_holds',
  scope: mmuLockFree,
  recorders: [],
  mutant: {
    scenario: '3.1 D direct',
    variant: 'fixed',
    procedure: 'make_mmu_pages_available',
    statement: 'if (avail >= KVM_MIN_FREE_MMU_PAGES) return 0;',
    operator: 'negate',
  },
  file: 'properties/roomMade.ts',
};

export function X_15_holds(): bool {
  return vm.n_used_mmu_pages <= N_MAX_MMU_PAGES + PT64_ROOT_LEVEL - 2;
}
