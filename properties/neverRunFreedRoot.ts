/**
 * I-01 never-run-freed-root. Judged where it could become false: at guest entry, when a page is freed, when a root count drops.
 */

import { type bool, isDangling, NULL, type Ref, rowAt, rowOf, type u32 } from '../compiler/subset/vocabulary.ts';
import { VCPUS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_page, spec_slots_holding } from './common.ts';
import type { Property } from './property.ts';
import { guestRuns } from './recorders.ts';

export const I_01: Property = {
  id: 'I-01',
  name: 'never-run-freed-root',
  kind: 'event',
  statement:
    'While a vCPU runs its guest, its hardware root is the current one: special, or an allocated shadow page that this vCPU holds.',
  kernelExpression: 'none (KASAN)',
  hooks: [
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'I_01_atEntry' },
    { event: { on: 'free', table: 'pages' }, procedure: 'I_01_atFree' },
    { event: { on: 'write', table: 'pages', field: 'root_count' }, procedure: 'I_01_atRelease' },
  ],
  recorders: [...guestRuns],
  mutant: {
    scenario: '3.3 A',
    variant: 'fixed',
    procedure: 'vcpu_enter_guest',
    statement: 'if (kvm_mmu_reload(vcpu) !== 0) return;',
    operator: 'delete',
  },
  file: 'properties/neverRunFreedRoot.ts',
};

/** The hardware's root is the current one, and its page is counted. */
export function I_01_atEntry(vcpu: Ref<'vcpus'>): bool {
  const mmu = vcpus[vcpu].mmu;
  const hpa = mmus[mmu].hw_root;
  if (hpa === NULL || isDangling(hpa) || hpa !== mmus[mmu].root.hpa) return false;
  const sp = rowOf(hpa);
  if (sp === NULL) return true;
  return pages[sp].root_count !== 0 && spec_slots_holding(mmu, sp) !== 0;
}

/** No guest runs on the page. */
export function I_01_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].inGuest && spec_page(mmus[vcpus[vcpu].mmu].hw_root) === sp) return false;
  }
  return true;
}

/** The last reference goes only when no guest runs on the page. */
export function I_01_atRelease(sp: Ref<'pages'>, before: u32, after: u32): bool {
  return after !== 0 || I_01_atFree(sp);
}
