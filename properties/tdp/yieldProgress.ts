/**
 * I-34 yield-progress. Goes by its own book of where a walk yielded, not by the iterator's `yielded_gfn`. Unlocking for an
 * allocation is no yield.
 */
import { type bool, type Pointer, type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { costs } from '../../model/tdp/machine/costs.ts';
import type { Hook, Property } from '../property.ts';

/** Walks of one root by a zap, of a range or of all of it. */
const walks: readonly Hook[] = [
  { event: { on: 'call', procedure: 'tdp_mmu_zap_leafs' }, procedure: 'record_leafs_begin' },
  { event: { on: 'return', procedure: 'tdp_mmu_zap_leafs' }, procedure: 'record_leafs_end' },
  { event: { on: 'call', procedure: 'tdp_mmu_zap_range_shared' }, procedure: 'record_shared_begin' },
  { event: { on: 'return', procedure: 'tdp_mmu_zap_range_shared' }, procedure: 'record_shared_end' },
  { event: { on: 'call', procedure: '__tdp_mmu_zap_root' }, procedure: 'record_pass' },
  { event: { on: 'return', procedure: '__tdp_mmu_zap_root' }, procedure: 'record_pass' },
  { event: { on: 'call', procedure: 'zap_gfn_range' }, procedure: 'record_whole' },
  { event: { on: 'return', procedure: 'zap_gfn_range' }, procedure: 'record_whole' },
];

export const I_34: Property = {
  id: 'I-34',
  name: 'yield-progress',
  kind: 'event',
  statement:
    'Each check that yields in a walk of the TDP MMU comes after a new last-level gfn, so a walk of one root yields less often than its range has gfns.',
  kernelExpression: 'yielded_gfn; WARN_ON_ONCE(iter->gfn > iter->next_last_level_gfn)',
  hooks: [
    { event: { on: 'return', procedure: 'tdp_mmu_iter_cond_resched' }, procedure: 'I_34_atYield' },
    { event: { on: 'return', procedure: 'tdp_mmu_iter_cond_resched' }, procedure: 'I_34_yields' },
  ],
  worst: { one: 'yield', many: 'yields', what: 'in the walk of one root', bound: ({ gfns }) => gfns - 1 },
  recorders: walks,
  mutant: {
    scenario: '3.5 F',
    variant: 'base',
    procedure: 'tdp_mmu_iter_cond_resched',
    statement: 'if (iter.next_last_level_gfn === iter.yielded_gfn) return false;',
    operator: 'delete',
  },
  file: 'properties/tdp/yieldProgress.ts',
};

/** Parameters are those of an iterator, member by member, then those of `tdp_mmu_iter_cond_resched()` and its result. */
export function I_34_atYield(
  next_last_level_gfn: u32,
  yielded_gfn: u32,
  root: Ref<'pages'>,
  middle: Ref<'pages'>,
  sptep: Pointer<'pages', 'spt'>,
  old_spte: u32,
  gfn: u32,
  level: u32,
  min_level: u32,
  valid: bool,
  yielded: bool,
  flush: bool,
  shared: bool,
  result: bool,
): bool {
  if (!result) return true;
  const cost = costs[rowAt(costs, self())];
  const isNew: bool = next_last_level_gfn > cost.yieldedAt;
  cost.yieldedAt = next_last_level_gfn;
  cost.yields += 1;
  return isNew;
}
export function I_34_yields(
  next_last_level_gfn: u32,
  yielded_gfn: u32,
  root: Ref<'pages'>,
  middle: Ref<'pages'>,
  sptep: Pointer<'pages', 'spt'>,
  old_spte: u32,
  gfn: u32,
  level: u32,
  min_level: u32,
  valid: bool,
  yielded: bool,
  flush: bool,
  shared: bool,
  result: bool,
): u32 {
  return costs[rowAt(costs, self())].yields;
}

/** The start counts as the gfn that the walk last yielded at. */
export function record_walk_begins(start: u32): void {
  const cost = costs[rowAt(costs, self())];
  cost.yields = 0;
  cost.yieldedAt = start;
}
export function record_leafs_begin(root: Ref<'pages'>, start: u32, end: u32, can_yield: bool, owed: bool): void {
  record_walk_begins(start);
}
export function record_leafs_end(root: Ref<'pages'>, start: u32, end: u32, can_yield: bool, owed: bool, result: bool): void {
  record_walk_begins(0);
}
export function record_shared_begin(root: Ref<'pages'>, start: u32, end: u32): void {
  record_walk_begins(start);
}
export function record_shared_end(root: Ref<'pages'>, start: u32, end: u32): void {
  record_walk_begins(0);
}
/** Walks of all of a root, as of 6.12 and as of 5.15. */
export function record_pass(root: Ref<'pages'>, shared: bool, zap_level: u32): void {
  record_walk_begins(0);
}
export function record_whole(root: Ref<'pages'>, can_yield: bool, shared: bool): void {
  record_walk_begins(0);
}
