/** Hooks that count what each zap of a range costs, for the properties and measures about cost. */
import { type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { SPTE_MMU_PRESENT_MASK } from '../../model/tdp/machine/constants.ts';
import { costs } from '../../model/tdp/machine/costs.ts';
import type { Hook } from '../property.ts';

/** Where a zap begins and ends, and the present SPTEs that it takes away between two checks whether to yield. */
export const zapCosts: readonly Hook[] = [
  { event: { on: 'call', procedure: 'kvm_zap_gfn_range' }, procedure: 'record_cost_begins' },
  { event: { on: 'return', procedure: 'kvm_zap_gfn_range' }, procedure: 'record_cost_ends' },
  { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_cost_of_spte' },
];
export function record_cost_begins(start: u32, end: u32): void {
  costs[rowAt(costs, self())].zapping = true;
}
export function record_cost_ends(start: u32, end: u32): void {
  const cost = costs[rowAt(costs, self())];
  cost.zapping = false;
  cost.sptesInHold = 0;
  cost.flushes = 0;
}
export function record_cost_of_spte(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  const cost = costs[rowAt(costs, self())];
  if (cost.zapping && (before & SPTE_MMU_PRESENT_MASK) !== 0 && (after & SPTE_MMU_PRESENT_MASK) === 0) cost.sptesInHold += 1;
}
