/** I-33 lock-hold-bound, for zaps of ranges in the TDP MMU. A check whether to yield ends the hold, whatever it decides. */
import { type bool, type Pointer, type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { costs } from '../../model/tdp/machine/costs.ts';
import type { Property } from '../property.ts';
import { zapCosts } from './zapCost.ts';

export const tdp_I_33: Property = {
  id: 'I-33',
  name: 'lock-hold-bound',
  kind: 'event',
  statement: 'Between two checks whether to yield, the zap of a range takes away at most one SPTE with the table below it.',
  kernelExpression: 'tdp_mmu_iter_cond_resched() before each SPTE; soft-lockup watchdog',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_33_atWrite' }],
  worst: {
    one: 'SPTE',
    many: 'SPTEs',
    what: 'zapped between two checks whether to yield',
    // A link of level 2 and what a table of level 1 holds; an SPTE of the root is never zapped whole.
    bound: ({ fanout }) => 1 + fanout,
  },
  recorders: [...zapCosts, { event: { on: 'call', procedure: 'tdp_mmu_iter_cond_resched' }, procedure: 'record_hold_ends' }],
  mutant: {
    scenario: '3.5 F',
    variant: 'base',
    procedure: 'tdp_mmu_zap_leafs',
    statement: 'if (can_yield && tdp_mmu_iter_cond_resched(iter, flush, false)) {',
    operator: 'delete',
  },
  file: 'properties/tdp/lockHoldBound.ts',
  with: ['properties/tdp/zapCost.ts'],
};

export function I_33_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): u32 {
  return costs[rowAt(costs, self())].sptesInHold;
}
/** Parameters are those of an iterator, member by member, then those of `tdp_mmu_iter_cond_resched()`. */
export function record_hold_ends(
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
): void {
  costs[rowAt(costs, self())].sptesInHold = 0;
}
