/**
 * I-46 write-protected-table.
 */

import { type bool, isAllocated, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { PAGES, PT_WRITABLE_MASK, PT64_ENT_PER_PAGE, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK, VCPUS } from '../model/machine/constants.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_obsolete } from './common.ts';
import { mmuLockFree, type Property } from './property.ts';
import { writableTlb } from './unsyncRecorders.ts';

export const I_46: Property = {
  id: 'I-46',
  name: 'write-protected-table',
  kind: 'state',
  statement:
    'A guest table that a page shadows which is neither obsolete nor unsync has no writable translation, nor may the TLB of a vCPU in its guest hold one.',
  kernelExpression: 'comments in mmu_try_to_unsync_pages() and mmu_sync_children()',
  predicate: 'I_46_holds',
  scope: mmuLockFree,
  recorders: [...writableTlb],
  mutant: {
    scenario: '2.22',
    variant: 'fixed',
    procedure: 'mmu_sync_children',
    statement: 'if (kvm_mmu_slot_gfn_write_protect(pages[path.sp].gfn))',
    operator: 'negate',
  },
  file: 'properties/tableProtected.ts',
  with: ['properties/unsyncRecorders.ts'],
};

/** Whether the guest may write to `gfn` without an exit. */
export function I_46_writable(gfn: u32): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu: Ref<'vcpus'> = rowAt(vcpus, v);
    if (vcpus[vcpu].inGuest && (vcpus[vcpu].tlbWritable & (1 << gfn)) !== 0) return true;
  }
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp)) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        const spte = pages[sp].spt[i];
        if ((spte & SPTE_LAST_MASK) !== 0 && (spte & PT_WRITABLE_MASK) !== 0 && (spte & SPTE_BASE_ADDR_MASK) === gfn) return true;
      }
    }
  }
  return false;
}

export function I_46_holds(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && !pages[sp].role.direct && !pages[sp].unsync && !spec_obsolete(sp) && I_46_writable(pages[sp].gfn)) return false;
  }
  return true;
}
