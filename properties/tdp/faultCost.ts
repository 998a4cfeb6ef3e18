/** What vCPUs pay for dirty logging: faults that need `mmu_lock`. The lock-free fault is counted nowhere. */
import { type bool, type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { RET_PF_FIXED } from '../../model/tdp/machine/constants.ts';
import { costs } from '../../model/tdp/machine/costs.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Measure } from '../property.ts';
import { dirtyLog } from './dirtyLog.ts';

export const lockedFaults: Measure = {
  id: 'lockedFaults',
  one: 'fault',
  many: 'faults',
  what: 'of a vCPU that changed an SPTE with mmu_lock after logging was enabled',
  hooks: [{ event: { on: 'return', procedure: 'kvm_tdp_mmu_map' }, procedure: 'lockedFaults_counted' }],
  recorders: [...dirtyLog, { event: { on: 'call', procedure: 'kvm_mmu_page_fault' }, procedure: 'record_fault_begins' }],
  file: 'properties/tdp/faultCost.ts',
};

/** A fault that was under way while logging was enabled does not count. */
export function record_fault_begins(vcpu: Ref<'vcpus'>, gfn: u32): void {
  costs[rowAt(costs, self())].faultsLogged = vm.loggingSettled;
}
export function lockedFaults_counted(
  vcpu: Ref<'vcpus'>,
  gfn: u32,
  pfn: u32,
  mmu_seq: u32,
  goal: u32,
  logging: bool,
  write: bool,
  result: u32,
): u32 {
  const cost = costs[rowAt(costs, self())];
  if (!cost.faultsLogged || result !== RET_PF_FIXED) return 0;
  cost.lockedFaults += 1;
  return cost.lockedFaults;
}
