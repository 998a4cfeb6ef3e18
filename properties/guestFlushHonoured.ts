/**
 * X-10 guest-flush-honoured: what unsync pages are for, asked of the guest's side. Not one of the kernel's own comments in one place,
 * so it has a number of ours.
 *
 * Judged at guest entry, for all that the hardware's root leads to, and at each SPTE that is written below a guest that runs. Of the TLB it
 * asks only that a flush by CR3 has emptied it.
 */

import { type bool, indexOf, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, PAGES, PT64_ENT_PER_PAGE, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK, VCPUS } from '../model/machine/constants.ts';
import { frames } from '../model/machine/frames.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import type { Property } from './property.ts';
import { hardwareCaches, record_bit, record_closure } from './recorders.ts';
import { guestEntries } from './unsyncRecorders.ts';

export const X_10: Property = {
  id: 'X-10',
  name: 'guest-flush-honoured',
  kind: 'event',
  statement:
    "No vCPU runs on an SPTE made from a value of the guest's entry that was overwritten before that guest's last flush of it, or while no walk could meet it; nor with a TLB that a CR3 load should have emptied.",
  kernelExpression: 'comment in mmu_try_to_unsync_pages()',
  hooks: [
    { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'X_10_atEntry' },
    { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'X_10_atWrite' },
  ],
  recorders: [...hardwareCaches, ...guestEntries],
  mutant: {
    scenario: '2.22',
    variant: 'fixed',
    procedure: 'mmu_sync_children',
    statement: 'if (sync_page(path.sp)) flush = true;',
    operator: 'delete',
  },
  file: 'properties/guestFlushHonoured.ts',
  with: ['properties/unsyncRecorders.ts'],
};

/** Entry `index` of the page disagrees with the guest's entry, and this vCPU's guest may rely on that entry. */
export function X_10_stale(vcpu: Ref<'vcpus'>, sp: Ref<'pages'>, index: u32): bool {
  const spte = pages[sp].spt[index];
  if (spte === 0 || pages[sp].role.direct || pages[sp].gfn >= GUEST_FRAMES) return false;
  const bit: u32 = 1 << (pages[sp].gfn * PT64_ENT_PER_PAGE + index);
  if ((vcpus[vcpu].changedEntries & bit) !== 0) return false;
  for (let v: u32 = 0; v < VCPUS; v++) {
    if ((vcpus[rowAt(vcpus, v)].emulatedEntry & bit) !== 0) return false;
  }
  const address: u32 = spte & SPTE_BASE_ADDR_MASK;
  const entry = frames[rowAt(frames, pages[sp].gfn)].entries[index];
  if ((spte & SPTE_LAST_MASK) !== 0) return entry !== address + 1;
  return entry !== pages[rowAt(pages, address - 1)].gfn + 1;
}

export function X_10_atEntry(vcpu: Ref<'vcpus'>): bool {
  if (vcpus[vcpu].guestFlushOwed !== 0) return false;
  const set = record_closure(record_bit(mmus[vcpus[vcpu].mmu].hw_root));
  for (let p: u32 = 0; p < PAGES; p++) {
    if ((set & (1 << p)) !== 0) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        if (X_10_stale(vcpu, rowAt(pages, p), i)) return false;
      }
    }
  }
  return true;
}
export function X_10_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].inGuest && (vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0 && X_10_stale(vcpu, sp, index)) return false;
  }
  return true;
}
