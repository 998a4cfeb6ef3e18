/**
 * I-03 no-table-UAF, for the shadow MMU: judged where a table goes, where a guest enters, and where the kernel is about to use an SPTE.
 */

import { type bool, indexOf, isAllocated, isDangling, type Pointer, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { MMUS, PAGES, PT64_ENT_PER_PAGE, PT64_ROOT_LEVEL, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK, VCPUS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import type { Property } from './property.ts';
import { hardwareCaches, record_bit } from './recorders.ts';

export const I_03: Property = {
  id: 'I-03',
  name: 'no-table-UAF',
  kind: 'event',
  statement: 'No walk of software, and no entry that hardware may still use, leads to a table that was freed.',
  kernelExpression: 'RCU annotations; KASAN',
  hooks: [
    { event: { on: 'free', table: 'pages' }, procedure: 'I_03_atFree' },
    { event: { on: 'free', table: 'pages' }, procedure: 'record_page_goes' },
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'I_03_atEntry' },
    { event: { on: 'call', procedure: 'mmu_page_zap_pte' }, procedure: 'I_03_atZap' },
  ],
  recorders: [...hardwareCaches],
  mutant: {
    scenario: '2.2',
    variant: 'fixed',
    procedure: '__kvm_mmu_prepare_zap_page',
    statement: 'kvm_mmu_unlink_parents(sp);',
    operator: 'delete',
  },
  file: 'properties/noTableUseAfterFree.ts',
};

/** Tables that a walk from the hardware's root of the MMU meets; links to rows that do not exist lead nowhere. */
export function I_03_walked(mmu: Ref<'mmus'>): u32 {
  let set: u32 = record_bit(mmus[mmu].hw_root);
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    for (let p: u32 = 0; p < PAGES; p++) {
      const sp = rowAt(pages, p);
      if ((set & (1 << p)) !== 0 && isAllocated(sp)) {
        for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
          const spte = pages[sp].spt[i];
          if (spte !== 0 && (spte & SPTE_LAST_MASK) === 0) set |= 1 << ((spte & SPTE_BASE_ADDR_MASK) - 1);
        }
      }
    }
  }
  return set;
}

/** The table is below no root of any CPU, which a flush would not help against, and no guest runs that may have cached it. */
export function I_03_atFree(sp: Ref<'pages'>): bool {
  const bit: u32 = 1 << indexOf(sp);
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu = rowAt(mmus, m);
    if ((I_03_walked(mmu) & bit & ~record_bit(mmus[mmu].hw_root)) !== 0) return false;
  }
  for (let v: u32 = 0; v < VCPUS; v++) {
    if (vcpus[rowAt(vcpus, v)].inGuest && (vcpus[rowAt(vcpus, v)].mayCache & bit) !== 0) return false;
  }
  return true;
}

/** What the CPU has cached from before is flushed by now. */
export function I_03_atEntry(vcpu: Ref<'vcpus'>): bool {
  return !vcpus[vcpu].staleCache;
}

/** The SPTE that goes is in a table that exists. */
export function I_03_atZap(spte: Pointer<'pages', 'spt'>, invalid_list: Ref<'lists'>): bool {
  return !isDangling(spte);
}
