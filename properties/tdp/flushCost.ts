/** How often one zap of a range flushes the TLBs of all vCPUs. */
import { rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { costs } from '../../model/tdp/machine/costs.ts';
import type { Measure } from '../property.ts';
import { zapCosts } from './zapCost.ts';

export const flushes: Measure = {
  id: 'flushes',
  one: 'remote TLB flush',
  many: 'remote TLB flushes',
  what: 'in one zap of a range',
  hooks: [
    { event: { on: 'call', procedure: 'kvm_flush_remote_tlbs' }, procedure: 'flushes_all' },
    { event: { on: 'call', procedure: 'kvm_flush_remote_tlbs_range' }, procedure: 'flushes_range' },
  ],
  recorders: [...zapCosts],
  file: 'properties/tdp/flushCost.ts',
  with: ['properties/tdp/zapCost.ts'],
};

export function flushes_all(): u32 {
  const cost = costs[rowAt(costs, self())];
  if (!cost.zapping) return 0;
  cost.flushes += 1;
  return cost.flushes;
}
export function flushes_range(gfn: u32, nr_pages: u32): u32 {
  return flushes_all();
}
