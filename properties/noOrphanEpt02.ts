/**
 * I-28 no-orphan-EPT02.
 */

import {
  type bool,
  isAllocated,
  listContains,
  listIsEmpty,
  type Pointer,
  type Ref,
  rowAt,
  type u32,
} from '../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, PAGES } from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { pages } from '../model/machine/pages.ts';
import { vm } from '../model/machine/vm.ts';
import type { Hook, Property } from './property.ts';
import { zapDepth } from './recorders.ts';

/** Pages of nested guests that the zap of a parent left without one. A page that is being zapped itself is not kept, so it does not matter. */
export const orphans: readonly Hook[] = [
  ...zapDepth,
  { event: { on: 'listRemove', table: 'pages', field: 'parent_ptes' }, procedure: 'record_parent_goes' },
  { event: { on: 'listAdd', table: 'pages', field: 'parent_ptes' }, procedure: 'record_parent_comes' },
];

export const I_28: Property = {
  id: 'I-28',
  name: 'no-orphan-EPT02',
  kind: 'state',
  statement:
    'At rest, no shadow page of a nested guest that lost its last parent because that parent was zapped is still active, unlinked and unused.',
  kernelExpression: 'none (2de4085cccea)',
  predicate: 'I_28_holds',
  scope: { kind: 'quiescent' },
  recorders: [...orphans],
  mutant: {
    scenario: '3.2 A',
    variant: 'merged',
    procedure: 'mmu_page_zap_pte',
    statement: 'if (tdp_enabled && invalid_list !== NULL && pages[child].role.guest_mode && listIsEmpty(pages[child].parent_ptes))',
    operator: 'negate',
  },
  file: 'properties/noOrphanEpt02.ts',
};

export function I_28_holds(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (
      isAllocated(sp) &&
      pages[sp].orphaned !== 0 &&
      pages[sp].root_count === 0 &&
      listIsEmpty(pages[sp].parent_ptes) &&
      listContains(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp)
    ) {
      return false;
    }
  }
  return true;
}

export function record_parent_goes(sp: Ref<'pages'>, sptep: Pointer<'pages', 'spt'>): void {
  if (vm.zapDepth !== 0 && pages[sp].role.guest_mode && pages[sp].root_count === 0 && listIsEmpty(pages[sp].parent_ptes))
    pages[sp].orphaned = 1;
}
export function record_parent_comes(sp: Ref<'pages'>, sptep: Pointer<'pages', 'spt'>): void {
  pages[sp].orphaned = 0;
}
