/**
 * I-18 atomic-volatile. Judged at rest: each page that an SPTE said was written to is said so still, by an SPTE or to the host.
 *
 * What an SPTE says is D, or W on CPUs without D bits. Who takes it away knows it only if nothing changed between its look and its
 * write; else it is lost.
 */
import { type bool, isAllocated, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import {
  AD_BITS,
  GFNS,
  HUGE_LEVEL,
  HUGE_PAGES,
  PAGES,
  PT_DIRTY_MASK,
  PT_WRITABLE_MASK,
  SHARED_PFN,
  SPTE_ADDR_SHIFT,
  SPTE_ENT_PER_PAGE,
} from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Hook, Property } from '../property.ts';
import { spec_entry_gfns, spec_entry_size, spec_is_leaf, spec_is_link, spec_range } from './common.ts';
import { published } from './published.ts';

const dirtyMoves: readonly Hook[] = [
  ...published,
  { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_dirty_moves' },
  { event: { on: 'call', procedure: 'kvm_set_pfn_dirty' }, procedure: 'record_host_knows' },
  { event: { on: 'free', table: 'pages' }, procedure: 'record_dirty_goes' },
];
export const I_18: Property = {
  id: 'I-18',
  name: 'atomic-volatile',
  kind: 'state',
  statement:
    'No update of an SPTE loses what the CPU or a lock-free fault has set meanwhile: who takes D (or W) away tells the host of the page.',
  kernelExpression: 'WARN in spte_has_volatile_bits() and the helpers that write SPTEs',
  predicate: 'I_18_holds',
  scope: { kind: 'quiescent' },
  recorders: [...dirtyMoves],
  mutant: {
    scenario: '3.4 A dbit',
    variant: 'v6.12',
    procedure: 'hand_dirty_on',
    statement: 'if (!is_shadow_present_pte(new_spte) || !is_dirty_spte(new_spte) || pfn_changed) kvm_set_pfn_dirty(spte_to_pfn(old_spte));',
    operator: 'delete',
  },
  file: 'properties/tdp/atomicVolatile.ts',
};

export function spec_is_dirty(spte: u32): bool {
  return spec_is_leaf(spte) && (spte & (AD_BITS ? PT_DIRTY_MASK : PT_WRITABLE_MASK)) !== 0;
}
/** gfns that an SPTE, or the table that it links, says were written to. */
export function spec_dirty_gfns(sp: Ref<'pages'>, index: u32, spte: u32): u32 {
  if (spec_is_dirty(spte)) return spec_entry_gfns(sp, index);
  const row = spte >> SPTE_ADDR_SHIFT;
  if (!spec_is_link(spte) || row >= PAGES) return 0;
  const child = rowAt(pages, row);
  if (!isAllocated(child)) return 0;
  let gfns: u32 = 0;
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    if (spec_is_dirty(pages[child].spt[i])) gfns |= spec_entry_gfns(child, i);
  }
  return gfns;
}
/** A link that goes says nothing: the table below it still holds what it held. */
export function record_dirty_moves(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  if (!pages[sp].published || !spec_is_dirty(before)) return;
  vm.dirtyInHand = vm.dirtyInHand | (spec_entry_gfns(sp, index) & ~spec_dirty_gfns(sp, index, after));
}
/** A table that goes takes with it what its SPTEs say. */
export function record_dirty_goes(sp: Ref<'pages'>): void {
  if (!pages[sp].published) return;
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    if (spec_is_dirty(pages[sp].spt[i])) vm.dirtyInHand = vm.dirtyInHand | spec_entry_gfns(sp, i);
  }
}
/** The host keeps one flag for the whole of a huge page. */
export function record_host_knows(pfn: u32): void {
  const size: u32 = HUGE_PAGES ? spec_entry_size(HUGE_LEVEL) : 1;
  const first = pfn - (pfn % size);
  vm.dirtyInHand = vm.dirtyInHand & ~(SHARED_PFN ? (1 << GFNS) - 1 : spec_range(first, first + size));
}

export function I_18_holds(): bool {
  return vm.dirtyInHand === 0;
}
