/**
 * I-01 never-run-freed-root, for the TDP MMU. Judged at guest entry, when a table is freed, and when a root loses its last reference.
 */
import { type bool, isDangling, NULL, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { hardware } from './recorders.ts';

export const tdp_I_01: Property = {
  id: 'I-01',
  name: 'never-run-freed-root',
  kind: 'event',
  statement: 'While a vCPU runs its guest, its hardware root is the current one, allocated, and referenced by that slot.',
  kernelExpression: 'none (KASAN)',
  hooks: [
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'tdp_I_01_atEntry' },
    { event: { on: 'free', table: 'pages' }, procedure: 'tdp_I_01_atFree' },
    { event: { on: 'write', table: 'pages', field: 'tdp_mmu_root_count' }, procedure: 'tdp_I_01_atRelease' },
  ],
  recorders: [...hardware],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'vcpu_enter_guest',
    statement: 'if (kvm_mmu_reload(vcpu) !== 0) return;',
    operator: 'delete',
  },
  file: 'properties/tdp/runFreedRoot.ts',
};

export function tdp_I_01_atEntry(vcpu: Ref<'vcpus'>): bool {
  const root = vcpus[vcpu].hw_root;
  if (root === NULL || isDangling(root) || root !== vcpus[vcpu].root) return false;
  return pages[root].tdp_mmu_root_count !== 0;
}
/** No guest runs on the table. */
export function tdp_I_01_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (!vcpus[vcpu].outside && !isDangling(vcpus[vcpu].hw_root) && vcpus[vcpu].hw_root === sp) return false;
  }
  return true;
}
export function tdp_I_01_atRelease(sp: Ref<'pages'>, before: u32, after: u32): bool {
  return after !== 0 || tdp_I_01_atFree(sp);
}
