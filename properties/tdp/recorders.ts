/**
 * Hooks that keep the ghosts which properties of the TDP MMU read: what the hardware may have cached, faults that have looked
 * their page up, zaps of ranges.
 *
 * In: events. Out: ghost fields. Never: a verdict.
 *
 * Where vCPUs do not enter and leave the guest, each one's hardware counts as running all the time, even while its thread handles a
 * fault, as if another one ran on its root: so it may cache whatever its root leads to at any moment, and keep it until a flush.
 */

import { type bool, indexOf, isAllocated, type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { AD_BITS, PAGES, RET_PF_CONTINUE, SPTE_ENT_PER_PAGE, VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Hook } from '../property.ts';
import {
  spec_closure,
  spec_entry_size,
  spec_faults_here,
  spec_is_leaf,
  spec_linked,
  spec_range,
  spec_root_set,
  spec_translated,
  spec_translated_dirty,
} from './common.ts';

/** What each vCPU's hardware may have cached: tables, translations, translations that allow writing. */
export const hardware: readonly Hook[] = [
  { event: { on: 'write', table: 'vcpus', field: 'root' }, procedure: 'record_root' },
  { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_walks' },
  { event: { on: 'call', procedure: 'kvm_flush_remote_tlbs' }, procedure: 'record_flush_all' },
  { event: { on: 'call', procedure: 'kvm_flush_remote_tlbs_range' }, procedure: 'record_flush_range' },
  { event: { on: 'free', table: 'pages' }, procedure: 'record_table_goes' },
  { event: { on: 'call', procedure: 'kvm_arch_vcpu_create' }, procedure: 'record_outside' },
  { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'record_inside' },
  { event: { on: 'return', procedure: 'kvm_x86_vcpu_run' }, procedure: 'record_outside' },
];
/** Whose guest does not run can flush before it does. */
export function record_table_goes(sp: Ref<'pages'>): void {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].outside && (vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) {
      vcpus[vcpu].staleCache = true;
      vcpus[vcpu].mayCache = vcpus[vcpu].mayCache & ~(1 << indexOf(sp));
    }
  }
}
export function record_outside(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].outside = true;
}
export function record_inside(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].outside = false;
  record_refill(vcpu);
}
export function record_refill(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].outside) return;
  const set = spec_closure(vcpus[vcpu].mayCache | spec_root_set(vcpu));
  vcpus[vcpu].mayCache = set;
  vcpus[vcpu].tlb = vcpus[vcpu].tlb | spec_translated(set, false);
  vcpus[vcpu].tlbWritable = vcpus[vcpu].tlbWritable | spec_translated(set, true);
  if (AD_BITS) vcpus[vcpu].tlbDirty = vcpus[vcpu].tlbDirty | spec_translated_dirty(set);
}
/** Loading a root flushes first. */
export function record_root(vcpu: Ref<'vcpus'>, before: Ref<'pages'>, after: Ref<'pages'>): void {
  vcpus[vcpu].mayCache = 0;
  vcpus[vcpu].staleCache = false;
  vcpus[vcpu].tlb = 0;
  vcpus[vcpu].tlbWritable = 0;
  if (AD_BITS) vcpus[vcpu].tlbDirty = 0;
  record_refill(vcpu);
}
export function record_walks(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if ((vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) record_refill(vcpu);
  }
}
export function record_flush_all(): void {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    vcpus[vcpu].mayCache = 0;
    vcpus[vcpu].staleCache = false;
    vcpus[vcpu].tlb = 0;
    vcpus[vcpu].tlbWritable = 0;
    if (AD_BITS) vcpus[vcpu].tlbDirty = 0;
    record_refill(vcpu);
  }
}
/** Translations of the range go, and tables that map some of it. */
export function record_flush_range(gfn: u32, nr_pages: u32): void {
  const gone = spec_range(gfn, gfn + nr_pages);
  let tables: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && (((1 << (spec_entry_size(pages[sp].role.level) * SPTE_ENT_PER_PAGE)) - 1) & (gone >> pages[sp].gfn)) !== 0)
      tables |= 1 << p;
  }
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    vcpus[vcpu].mayCache = vcpus[vcpu].mayCache & ~tables;
    vcpus[vcpu].tlb = vcpus[vcpu].tlb & ~gone;
    vcpus[vcpu].tlbWritable = vcpus[vcpu].tlbWritable & ~gone;
    if (AD_BITS) vcpus[vcpu].tlbDirty = vcpus[vcpu].tlbDirty & ~gone;
    record_refill(vcpu);
  }
}

/** Faults under way that have looked their page up. */
export const lookups: readonly Hook[] = [
  { event: { on: 'return', procedure: 'kvm_faultin_pfn' }, procedure: 'record_lookup' },
  { event: { on: 'return', procedure: 'kvm_tdp_mmu_page_fault' }, procedure: 'record_fault_ends' },
];
export function record_lookup(
  vcpu: Ref<'vcpus'>,
  gfn: u32,
  pfn: u32,
  mmu_seq: u32,
  goal: u32,
  logging: bool,
  write: bool,
  result: u32,
): void {
  if (result !== RET_PF_CONTINUE) return;
  vcpus[vcpu].faulting = self() + 1;
  vcpus[vcpu].faultGfn = gfn;
  vcpus[vcpu].faultSeq = mmu_seq;
  vcpus[vcpu].faultStale = false;
}
export function record_fault_ends(
  vcpu: Ref<'vcpus'>,
  gfn: u32,
  pfn: u32,
  mmu_seq: u32,
  goal: u32,
  logging: bool,
  write: bool,
  result: u32,
): void {
  vcpus[vcpu].faulting = 0;
  vcpus[vcpu].faultGfn = 0;
  vcpus[vcpu].faultSeq = 0;
  vcpus[vcpu].faultStale = false;
}

/** Zaps of ranges under way, and translations that each of them has to remove. */
export const zaps: readonly Hook[] = [
  ...lookups,
  { event: { on: 'call', procedure: 'kvm_zap_gfn_range' }, procedure: 'record_zap_begins' },
  { event: { on: 'return', procedure: 'kvm_zap_gfn_range' }, procedure: 'record_zap_ends' },
  { event: { on: 'call', procedure: 'kvm_mmu_notifier_invalidate_range_start' }, procedure: 'record_zap_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_notifier_invalidate_range_start' }, procedure: 'record_zap_ends' },
  { event: { on: 'call', procedure: 'kvm_mmu_invalidate_zap_pages_in_memslot' }, procedure: 'record_zap_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_invalidate_zap_pages_in_memslot' }, procedure: 'record_zap_ends' },
  { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_suspects' },
];
export function record_zap_begins(start: u32, end: u32): void {
  vm.zapsOpen += 1;
  vm.suspect = vm.suspect | (spec_translated(spec_linked(), false) & spec_range(start, end));
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].faulting !== 0 && vcpus[vcpu].faultGfn >= start && vcpus[vcpu].faultGfn < end) vcpus[vcpu].faultStale = true;
  }
}
export function record_zap_ends(start: u32, end: u32): void {
  vm.zapsOpen -= 1;
}
export function record_suspects(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  const linked = spec_linked();
  vm.suspect = vm.suspect & spec_translated(linked, false);
  if (spec_is_leaf(before) || !spec_is_leaf(after) || (linked & (1 << indexOf(sp))) === 0) return;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (spec_faults_here(vcpu) && vcpus[vcpu].faultStale) vm.suspect = vm.suspect | (1 << vcpus[vcpu].faultGfn);
  }
}
