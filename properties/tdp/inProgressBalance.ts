/** I-41 in-progress-balance. */
import type { bool, u32 } from '../../compiler/subset/vocabulary.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import { mmuLockFree, type Property } from '../property.ts';

export const I_41: Property = {
  id: 'I-41',
  name: 'in-progress-balance',
  kind: 'state',
  statement:
    'mmu_invalidate_in_progress counts no event that has ended, so it is 0 at rest, and while it is not 0 and nobody has the lock for write the range is set.',
  kernelExpression: 'KVM_BUG_ON(mmu_invalidate_in_progress < 0), WARN_ON_ONCE(range_start == INVALID_GPA)',
  predicate: 'I_41_holds',
  scope: mmuLockFree,
  recorders: [
    { event: { on: 'call', procedure: 'kvm_zap_gfn_range' }, procedure: 'record_event_begins' },
    { event: { on: 'return', procedure: 'kvm_zap_gfn_range' }, procedure: 'record_event_ends' },
    { event: { on: 'call', procedure: 'kvm_mmu_notifier_invalidate_range_start' }, procedure: 'record_event_begins' },
    { event: { on: 'return', procedure: 'kvm_mmu_notifier_invalidate_range_end' }, procedure: 'record_event_ends' },
    { event: { on: 'call', procedure: 'notifier_start_by_slot' }, procedure: 'record_slot_event_begins' },
    { event: { on: 'return', procedure: 'notifier_end_by_slot' }, procedure: 'record_slot_event_ends' },
  ],
  mutant: {
    scenario: '2.21',
    variant: 'slot',
    procedure: 'kvm_swap_active_memslots',
    statement: 'while (slots.mn_active_invalidate_count !== 0) {',
    operator: 'delete',
  },
  file: 'properties/tdp/inProgressBalance.ts',
};

export function I_41_holds(): bool {
  if (vm.mmu_invalidate_in_progress > vm.eventsOpen) return false;
  return vm.mmu_invalidate_in_progress === 0 || vm.mmu_invalidate_range_start < vm.mmu_invalidate_range_end;
}
export function record_event_begins(start: u32, end: u32): void {
  vm.eventsOpen += 1;
}
export function record_event_ends(start: u32, end: u32): void {
  vm.eventsOpen -= 1;
}
export function record_slot_event_begins(may_block: bool): void {
  vm.eventsOpen += 1;
}
export function record_slot_event_ends(): void {
  vm.eventsOpen -= 1;
}
