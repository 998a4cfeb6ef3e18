/**
 * I-16 dirty-when-writable. Judged when logging has been enabled, when a harvest or a lock-free fault returns, and at each SPTE
 * that is written; not while a lock-free fault is between W and the dirty bit. With D bits only what has D can be written to unseen:
 * all else is logged.
 */
import { type bool, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { AD_BITS, VCPUS } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Property } from '../property.ts';
import { dirtyLog } from './dirtyLog.ts';

export const I_16: Property = {
  id: 'I-16',
  name: 'dirty-when-writable',
  kind: 'event',
  statement:
    'While a slot is logged, a gfn that some vCPU may write to without a fault has its dirty bit set, or is in a PML buffer, or is being harvested.',
  kernelExpression: 'WARN_ON(level > PG_LEVEL_4K) in make_spte()',
  hooks: [
    { event: { on: 'return', procedure: 'kvm_enable_dirty_logging' }, procedure: 'I_16_holds' },
    { event: { on: 'return', procedure: 'kvm_get_dirty_log_protect' }, procedure: 'I_16_afterGet' },
    { event: { on: 'return', procedure: 'kvm_clear_dirty_log_protect' }, procedure: 'I_16_afterClear' },
    { event: { on: 'return', procedure: 'fast_page_fault' }, procedure: 'I_16_afterFault' },
    { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_16_atWrite' },
  ],
  recorders: [...dirtyLog],
  mutant: {
    scenario: '3.4 A',
    variant: 'v6.12',
    procedure: 'kvm_mmu_slot_apply_flags',
    statement: 'kvm_flush_remote_tlbs();',
    operator: 'delete',
  },
  file: 'properties/tdp/dirtyWhenWritable.ts',
};

export function I_16_holds(): bool {
  if (!vm.loggingSettled) return true;
  let writable: u32 = 0;
  let logged: u32 = 0;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].fastFault) return true;
    writable |= AD_BITS ? vcpus[vcpu].tlbDirty : vcpus[vcpu].tlbWritable;
    logged |= vcpus[vcpu].pml;
  }
  return (writable & ~(vm.dirty_bitmap | vm.harvesting | logged)) === 0;
}
export function I_16_afterGet(reported: u32): bool {
  return I_16_holds();
}
export function I_16_afterClear(named: u32): bool {
  return I_16_holds();
}
export function I_16_afterFault(
  vcpu: Ref<'vcpus'>,
  gfn: u32,
  pfn: u32,
  mmu_seq: u32,
  goal: u32,
  logging: bool,
  write: bool,
  result: u32,
): bool {
  return I_16_holds();
}
export function I_16_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  return I_16_holds();
}
