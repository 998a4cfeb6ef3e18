/**
 * I-37 recycling-bounded. Judged at each zap inside a recycling call, which needs no look at the whole call: what is taken
 * needlessly is taken at some zap.
 */

import { type bool, listIsEmpty, type Ref, type s32, type u32 } from '../compiler/subset/vocabulary.ts';
import { KVM_MIN_FREE_MMU_PAGES, KVM_REFILL_PAGES, N_MAX_MMU_PAGES } from '../model/machine/constants.ts';
import { pages } from '../model/machine/pages.ts';
import { vm } from '../model/machine/vm.ts';
import type { Hook, Property } from './property.ts';
import { zapDepth } from './recorders.ts';

/** What the recycling under way wants, and what it has taken. A root in use is zapped but not taken. */
export const recycling: readonly Hook[] = [
  ...zapDepth,
  { event: { on: 'call', procedure: 'make_mmu_pages_available' }, procedure: 'record_recycling_begins' },
  { event: { on: 'return', procedure: 'make_mmu_pages_available' }, procedure: 'record_recycling_ends' },
  { event: { on: 'return', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'record_recycled' },
];

export const I_37: Property = {
  id: 'I-37',
  name: 'recycling-bounded',
  kind: 'event',
  statement:
    'Recycling zaps no more pages than it wants, and of their descendants only unsync ones and those of nested guests that nothing links any more.',
  kernelExpression: 'none (review of 2020)',
  hooks: [{ event: { on: 'call', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'I_37_atCall' }],
  worst: { one: 'page', many: 'pages', what: 'needlessly zapped by one recycling call', bound: () => 0 },
  recorders: [...recycling],
  mutant: {
    scenario: '3.2 B',
    variant: 'merged',
    procedure: 'mmu_page_zap_pte',
    statement: 'if (tdp_enabled && invalid_list !== NULL && pages[child].role.guest_mode && listIsEmpty(pages[child].parent_ptes))',
    operator: 'negate',
  },
  file: 'properties/recyclingBounded.ts',
};

export function I_37_atCall(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32): u32 {
  if (vm.recycleWanted === 0) return 0;
  let needed: bool = vm.recycleTaken < vm.recycleWanted;
  if (vm.zapDepth >= 2) needed = pages[sp].unsync || (pages[sp].role.guest_mode && listIsEmpty(pages[sp].parent_ptes));
  if (!needed) vm.recycleExcess += 1;
  return vm.recycleExcess;
}

export function record_recycling_begins(): void {
  let available: u32 = 0;
  if (N_MAX_MMU_PAGES > vm.n_used_mmu_pages) available = N_MAX_MMU_PAGES - vm.n_used_mmu_pages;
  vm.recycleTaken = 0;
  vm.recycleExcess = 0;
  vm.recycleWanted = 1;
  if (available < KVM_MIN_FREE_MMU_PAGES) vm.recycleWanted = KVM_REFILL_PAGES - available + 1;
}
export function record_recycling_ends(result: s32): void {
  vm.recycleWanted = 0;
  vm.recycleTaken = 0;
  vm.recycleExcess = 0;
}
/** The outermost zap is over. */
export function record_recycled(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32, unstable: bool): void {
  if (vm.recycleWanted !== 0 && vm.zapDepth === 0 && pages[sp].root_count === 0) vm.recycleTaken += 1;
}
