/**
 * Hooks about guest tables that the guest may write to: which old values it may still see, and to what its TLB lets it write.
 *
 * In: events. Out: ghost fields. Never: a verdict.
 *
 * A value of an entry may be in use until the guest flushes, if a walk could have met it: the table was below the loaded PGD at some
 * time since the last flush. A write that is emulated is done, as far as the guest goes, when the emulation ends.
 */

import { indexOf, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import {
  GUEST_FRAMES,
  PAGES,
  PT_WRITABLE_MASK,
  PT64_ENT_PER_PAGE,
  PT64_ROOT_LEVEL,
  SPTE_BASE_ADDR_MASK,
  SPTE_LAST_MASK,
  VCPUS,
} from '../model/machine/constants.ts';
import { frames } from '../model/machine/frames.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import type { Hook } from './property.ts';
import { hardwareCaches } from './recorders.ts';

/** Which entries of guest tables changed since each vCPU's guest flushed. */
export const guestEntries: readonly Hook[] = [
  { event: { on: 'write', table: 'frames', field: 'entries' }, procedure: 'record_entry_changes' },
  { event: { on: 'call', procedure: 'emulator_write_phys' }, procedure: 'record_emulation_begins' },
  { event: { on: 'return', procedure: 'emulator_write_phys' }, procedure: 'record_emulation_ends' },
  { event: { on: 'call', procedure: 'kvm_invalidate_pcid' }, procedure: 'record_guest_flush' },
  { event: { on: 'call', procedure: 'kvm_mmu_invlpg' }, procedure: 'record_guest_invlpg' },
  { event: { on: 'call', procedure: 'kvm_x86_flush_tlb_current' }, procedure: 'record_guest_flushed' },
  { event: { on: 'call', procedure: 'kvm_vcpu_flush_tlb_all' }, procedure: 'record_guest_flushed' },
];
/** Guest tables that the loaded PGD leads to, itself included; of those that may change. */
export function record_reachable(vcpu: Ref<'vcpus'>): u32 {
  let tables: u32 = 1 << vcpus[vcpu].guest.cr3;
  let all: u32 = tables;
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    let next: u32 = 0;
    for (let t: u32 = 0; t < GUEST_FRAMES; t++) {
      if ((tables & (1 << t)) !== 0) {
        for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
          const entry = frames[rowAt(frames, t)].entries[i];
          if (entry !== 0 && entry <= GUEST_FRAMES) next |= 1 << (entry - 1);
        }
      }
    }
    tables = next;
    all |= next;
  }
  return all;
}
export function record_changed(table: u32, index: u32): void {
  const entry: u32 = 1 << (table * PT64_ENT_PER_PAGE + index);
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if ((vcpus[vcpu].walkable & (1 << table)) !== 0) vcpus[vcpu].changedEntries |= entry;
    vcpus[vcpu].walkable = vcpus[vcpu].walkable | record_reachable(vcpu);
  }
}
export function record_entry_changes(frame: Ref<'frames'>, index: u32, before: u32, after: u32): void {
  record_changed(indexOf(frame), index);
}
export function record_emulation_begins(vcpu: Ref<'vcpus'>, gfn: u32, index: u32, value: u32): void {
  vcpus[vcpu].emulatedEntry = 1 << (gfn * PT64_ENT_PER_PAGE + index);
}
export function record_emulation_ends(vcpu: Ref<'vcpus'>, gfn: u32, index: u32, value: u32): void {
  vcpus[vcpu].emulatedEntry = 0;
  record_changed(gfn, index);
}
export function record_guest_flush(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].guestFlushOwed = 1;
  vcpus[vcpu].changedEntries = 0;
  vcpus[vcpu].walkable = record_reachable(vcpu);
}
export function record_guest_flushed(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].guestFlushOwed = 0;
}
/** The entry that maps the address counts as flushed; those above it do not, since other addresses may use them. */
export function record_guest_invlpg(vcpu: Ref<'vcpus'>, addr: u32): void {
  let table: u32 = vcpus[vcpu].guest.cr3;
  for (let level: u32 = 0; level < PT64_ROOT_LEVEL; level++) {
    let index: u32 = addr;
    for (let l: u32 = level + 1; l < PT64_ROOT_LEVEL; l++) index = index / PT64_ENT_PER_PAGE;
    index = index % PT64_ENT_PER_PAGE;
    if (table >= GUEST_FRAMES) return;
    if (level === PT64_ROOT_LEVEL - 1) {
      vcpus[vcpu].changedEntries = vcpus[vcpu].changedEntries & ~(1 << (table * PT64_ENT_PER_PAGE + index));
      return;
    }
    const entry = frames[rowAt(frames, table)].entries[index];
    if (entry === 0) return;
    table = entry - 1;
  }
}

/** To which gfns the TLB of a vCPU may let its guest write: like the tables that it may have cached. */
export const writableTlb: readonly Hook[] = [
  ...hardwareCaches,
  { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'record_tlb_at_entry' },
  { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_tlb_at_write' },
  { event: { on: 'call', procedure: 'kvm_x86_flush_tlb_current' }, procedure: 'record_tlb_flush' },
  { event: { on: 'call', procedure: 'kvm_vcpu_flush_tlb_all' }, procedure: 'record_tlb_flush' },
];
export function record_tlb_at_entry(vcpu: Ref<'vcpus'>): void {
  for (let p: u32 = 0; p < PAGES; p++) {
    if ((vcpus[vcpu].mayCache & (1 << p)) !== 0) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        const spte = pages[rowAt(pages, p)].spt[i];
        if ((spte & SPTE_LAST_MASK) !== 0 && (spte & PT_WRITABLE_MASK) !== 0)
          vcpus[vcpu].tlbWritable = vcpus[vcpu].tlbWritable | (1 << (spte & SPTE_BASE_ADDR_MASK));
      }
    }
  }
}
export function record_tlb_at_write(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  if (after === 0) return;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].inGuest && (vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) record_tlb_at_entry(vcpu);
  }
}
export function record_tlb_flush(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].tlbWritable = 0;
}
