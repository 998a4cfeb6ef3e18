/**
 * Hooks that keep the ghosts which properties read, and the lists of them that properties name.
 *
 * In: events. Out: ghost fields. Never: a verdict.
 */

import { type bool, indexOf, NULL, type Ref, type Root, rowAt, rowOf, self, type u32 } from '../compiler/subset/vocabulary.ts';
import {
  KVM_MMU_NUM_PREV_ROOTS,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS,
  KVM_REQUEST_MASK,
  MMUS,
  PAE_ROOTS,
  PAGES,
  PT64_ENT_PER_PAGE,
  PT64_ROOT_LEVEL,
  SPTE_BASE_ADDR_MASK,
  SPTE_LAST_MASK,
  VCPUS,
} from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { vm } from '../model/machine/vm.ts';
import { spec_drop_bits, spec_mmu_holds_obsolete, spec_obsolete, spec_page, spec_slot_obsolete, spec_vcpu_of } from './common.ts';
import type { Hook } from './property.ts';

/** Which vCPUs are owed a root-drop request: since a root became obsolete until the request or the end of the zap. */
export const requestOwed: readonly Hook[] = [
  { event: { on: 'write', table: 'pages', field: 'role.invalid' }, procedure: 'record_invalid' },
  { event: { on: 'write', table: 'vm', field: 'mmu_valid_gen' }, procedure: 'record_generation' },
  { event: { on: 'write', table: 'vcpus', field: 'requests' }, procedure: 'record_request' },
  { event: { on: 'call', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'record_zap_page_call' },
  { event: { on: 'return', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'record_zap_page_return' },
  { event: { on: 'call', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'record_zap_all_call' },
  { event: { on: 'return', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'record_zap_all_return' },
];
export function record_owed_to_all(): void {
  vm.requestOwed = (1 << VCPUS) - 1;
}
/** A root in use was zapped: whoever did it owes all vCPUs a request, unless the root was obsolete before. */
export function record_invalid(sp: Ref<'pages'>, before: bool, after: bool): void {
  if (!before && after && pages[sp].root_count !== 0 && pages[sp].mmu_valid_gen === vm.mmu_valid_gen) record_owed_to_all();
}
export function record_generation(before: u32, after: u32): void {
  if (before !== after) record_owed_to_all();
}
export function record_request(vcpu: Ref<'vcpus'>, before: u32, after: u32): void {
  if ((after & spec_drop_bits()) === 0 || (before & ~after) !== 0) return;
  vm.requestOwed = vm.requestOwed & ~(1 << indexOf(vcpu));
  if ((after & (1 << (KVM_REQ_MMU_FREE_OBSOLETE_ROOTS & KVM_REQUEST_MASK))) !== 0) vm.freeRequested = true;
}
/** The zap is over: a request that did not come by now does not come. */
export function record_debt(): void {
  if (vm.requestOwed !== 0 && vm.freeRequested) vm.requestMissed = true;
  vm.requestOwed = 0;
  vm.freeRequested = false;
}
export function record_zap_page_call(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32): void {
  vm.requestMissed = false;
}
export function record_zap_page_return(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32, unstable: bool): void {
  record_debt();
}
export function record_zap_all_call(): void {
  vm.requestMissed = false;
  vm.freeRequested = false;
}
export function record_zap_all_return(): void {
  record_debt();
}

/** How deep calls of `__kvm_mmu_prepare_zap_page` are nested. */
export const zapDepth: readonly Hook[] = [
  { event: { on: 'call', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'record_zap_begins' },
  { event: { on: 'return', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'record_zap_ends' },
];
export function record_zap_begins(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32): void {
  vm.zapDepth += 1;
}
export function record_zap_ends(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32, unstable: bool): void {
  vm.zapDepth -= 1;
}

/** Whether the guest of a vCPU can run. */
export const guestRuns: readonly Hook[] = [
  { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'record_guest_runs' },
  { event: { on: 'return', procedure: 'kvm_x86_vcpu_run' }, procedure: 'record_guest_exits' },
];
export function record_guest_runs(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].inGuest = true;
}
export function record_guest_exits(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].inGuest = false;
}

/** Table pages that a vCPU's walker may have cached: closed under what it could have read; emptied by a flush. */
export const hardwareCaches: readonly Hook[] = [
  ...guestRuns,
  { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'record_walks_from_root' },
  { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_walks_on' },
  { event: { on: 'call', procedure: 'kvm_x86_flush_tlb_current' }, procedure: 'record_flush' },
  { event: { on: 'call', procedure: 'kvm_vcpu_flush_tlb_all' }, procedure: 'record_flush' },
];
/** Pages that can be reached from those of the set by links: a link to a page that was freed is a fault, as it would be for the walker. */
export function record_closure(set: u32): u32 {
  let reached: u32 = set;
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    for (let p: u32 = 0; p < PAGES; p++) {
      const sp = rowAt(pages, p);
      if ((reached & (1 << p)) !== 0) {
        for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
          const spte = pages[sp].spt[i];
          if (spte !== 0 && (spte & SPTE_LAST_MASK) === 0) reached |= 1 << ((spte & SPTE_BASE_ADDR_MASK) - 1);
        }
      }
    }
  }
  return reached;
}
export function record_bit(hpa: Root<'pages', 1>): u32 {
  const sp = spec_page(hpa);
  if (sp === NULL) return 0;
  return 1 << indexOf(sp);
}
export function record_walks_from_root(vcpu: Ref<'vcpus'>): void {
  const mmu = vcpus[vcpu].mmu;
  let set: u32 = vcpus[vcpu].mayCache | record_bit(mmus[mmu].hw_root);
  if (mmus[mmu].usesPaeRoot) {
    for (let i: u32 = 0; i < PAE_ROOTS; i++) set |= record_bit(mmus[mmu].pae_root[i]);
  }
  vcpus[vcpu].mayCache = record_closure(set);
}
export function record_walks_on(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  if (after === 0 || (after & SPTE_LAST_MASK) !== 0) return;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].inGuest && (vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0)
      vcpus[vcpu].mayCache = record_closure(vcpus[vcpu].mayCache);
  }
}
export function record_flush(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].mayCache = 0;
  vcpus[vcpu].staleCache = false;
}
/** A table goes: who may have cached it keeps that until the next flush, whatever its row becomes. */
export function record_page_goes(sp: Ref<'pages'>): void {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if ((vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) {
      vcpus[vcpu].staleCache = true;
      vcpus[vcpu].mayCache = vcpus[vcpu].mayCache & ~(1 << indexOf(sp));
    }
  }
}

/** The service of a root-drop request: where it begins and ends, and which slots held obsolete roots then. */
export const dropService: readonly Hook[] = [
  { event: { on: 'call', procedure: 'kvm_mmu_free_obsolete_roots' }, procedure: 'record_service_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_free_obsolete_roots' }, procedure: 'record_service_ends' },
  { event: { on: 'call', procedure: 'kvm_mmu_unload' }, procedure: 'record_service_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_unload' }, procedure: 'record_service_ends' },
];
export function record_service_begins(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].inDropService = true;
  vcpus[vcpu].heldObsolete = false;
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu = rowAt(mmus, m);
    if (m / 2 === indexOf(vcpu) && spec_mmu_holds_obsolete(mmu)) vcpus[vcpu].heldObsolete = true;
  }
}
export function record_service_ends(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].inDropService = false;
  vcpus[vcpu].heldObsolete = false;
  vcpus[vcpu].dropForOneRoot = false;
  vcpus[vcpu].validDropped = 0;
}

/** Roots that a service takes away although they are valid. Special roots always go, so they do not count. */
export const validDrops: readonly Hook[] = [
  ...dropService,
  { event: { on: 'write', table: 'mmus', field: 'root.hpa' }, procedure: 'record_current_dropped' },
  { event: { on: 'write', table: 'mmus', field: 'prev_roots.hpa' }, procedure: 'record_previous_dropped' },
];
export function record_dropped(mmu: Ref<'mmus'>, before: Root<'pages', 1>, after: Root<'pages', 1>): void {
  const vcpu = spec_vcpu_of(mmu);
  if (!vcpus[vcpu].inDropService || after !== NULL) return;
  const sp = spec_page(before);
  if (sp !== NULL && !spec_obsolete(sp)) vcpus[vcpu].validDropped += 1;
}
export function record_current_dropped(mmu: Ref<'mmus'>, before: Root<'pages', 1>, after: Root<'pages', 1>): void {
  record_dropped(mmu, before, after);
}
export function record_previous_dropped(mmu: Ref<'mmus'>, index: u32, before: Root<'pages', 1>, after: Root<'pages', 1>): void {
  record_dropped(mmu, before, after);
}

/** Which slots held obsolete roots when the service began. */
export const obsoleteSlots: readonly Hook[] = [
  { event: { on: 'call', procedure: 'kvm_mmu_free_obsolete_roots' }, procedure: 'record_obsolete_slots' },
  { event: { on: 'call', procedure: 'kvm_mmu_unload' }, procedure: 'record_obsolete_slots' },
];
export function record_obsolete_slots(vcpu: Ref<'vcpus'>): void {
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu = rowAt(mmus, m);
    if (m / 2 === indexOf(vcpu)) {
      let set: u32 = 0;
      if (rowOf(mmus[mmu].root.hpa) !== NULL && spec_slot_obsolete(mmus[mmu].root.hpa)) set |= 1;
      for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
        if (spec_slot_obsolete(mmus[mmu].prev_roots[i].hpa)) set |= 2 << i;
      }
      mmus[mmu].beganObsolete = set;
    }
  }
}

/** Whether what a vCPU is asked to drop roots for is the zap of single roots only. */
export const dropCause: readonly Hook[] = [
  ...zapDepth,
  { event: { on: 'write', table: 'vcpus', field: 'requests' }, procedure: 'record_drop_cause' },
];
export function record_drop_cause(vcpu: Ref<'vcpus'>, before: u32, after: u32): void {
  const drop = spec_drop_bits();
  if ((before & drop) === 0 && (after & drop) !== 0) vcpus[vcpu].dropForOneRoot = vm.zapDepth !== 0;
}

/** Inside the switch of PGDs. */
export const pgdSwitch: readonly Hook[] = [
  { event: { on: 'call', procedure: 'kvm_mmu_new_pgd' }, procedure: 'record_switch_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_new_pgd' }, procedure: 'record_switch_ends' },
];
export function record_switch_begins(vcpu: Ref<'vcpus'>, new_pgd: u32): void {
  vcpus[vcpu].switchingRoot = true;
}
export function record_switch_ends(vcpu: Ref<'vcpus'>, new_pgd: u32): void {
  vcpus[vcpu].switchingRoot = false;
}

/** Who is in the loop that zaps everything. */
export const zapperRuns: readonly Hook[] = [
  { event: { on: 'call', procedure: 'kvm_zap_obsolete_pages' }, procedure: 'record_zapper_begins' },
  { event: { on: 'return', procedure: 'kvm_zap_obsolete_pages' }, procedure: 'record_zapper_ends' },
  { event: { on: 'call', procedure: 'kvm_mmu_zap_all' }, procedure: 'record_zapper_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_zap_all' }, procedure: 'record_zapper_ends' },
];
/** Pages that the zap of everything zapped since its last check whether to yield. */
export const zapperHold: readonly Hook[] = [
  ...zapperRuns,
  { event: { on: 'call', procedure: 'cond_resched_rwlock_write' }, procedure: 'record_yield_check' },
  { event: { on: 'return', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'record_zapped' },
];
export function record_zapper_begins(): void {
  vm.zapper = self() + 1;
  vm.zappedInHold = 0;
}
export function record_zapper_ends(): void {
  vm.zapper = 0;
  vm.zappedInHold = 0;
}
export function record_yield_check(): void {
  if (vm.zapper === self() + 1) vm.zappedInHold = 0;
}
export function record_zapped(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32, unstable: bool): void {
  if (vm.zapper === self() + 1) vm.zappedInHold += nr_zapped;
}
