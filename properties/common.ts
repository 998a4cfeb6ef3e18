/**
 * Predicates that several properties share. Properties do not call kernel procedures: a patch may replace those.
 */

import {
  type bool,
  indexOf,
  isDangling,
  listContains,
  NULL,
  type Ref,
  type Root,
  rowAt,
  rowOf,
  type u32,
} from '../compiler/subset/vocabulary.ts';
import {
  KVM_MMU_NUM_PREV_ROOTS,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS,
  KVM_REQ_MMU_RELOAD,
  KVM_REQUEST_MASK,
  LISTS,
  PAE_ROOTS,
} from '../model/machine/constants.ts';
import { lists } from '../model/machine/lists.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { vm } from '../model/machine/vm.ts';

/** The page behind a root slot: NULL if there is none, or if it was freed. */
export function spec_page(hpa: Root<'pages', 1>): Ref<'pages'> {
  if (isDangling(hpa)) return NULL;
  return rowOf(hpa);
}

/** Obsolete: zapped, or of another generation than the VM's. */
export function spec_obsolete(sp: Ref<'pages'>): bool {
  return pages[sp].role.invalid || pages[sp].mmu_valid_gen !== vm.mmu_valid_gen;
}

/** A slot holds an obsolete page, or one that was freed. */
export function spec_slot_obsolete(hpa: Root<'pages', 1>): bool {
  if (isDangling(hpa)) return true;
  const sp = rowOf(hpa);
  return sp !== NULL && spec_obsolete(sp);
}

/** Some slot of the MMU, or an entry of its special root, holds an obsolete page. */
export function spec_mmu_holds_obsolete(mmu: Ref<'mmus'>): bool {
  if (spec_slot_obsolete(mmus[mmu].root.hpa)) return true;
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (spec_slot_obsolete(mmus[mmu].prev_roots[i].hpa)) return true;
  }
  for (let i: u32 = 0; i < PAE_ROOTS; i++) {
    if (spec_slot_obsolete(mmus[mmu].pae_root[i])) return true;
  }
  return false;
}

/** Slots of the MMU that hold the page. */
export function spec_slots_holding(mmu: Ref<'mmus'>, sp: Ref<'pages'>): u32 {
  let count: u32 = 0;
  if (spec_page(mmus[mmu].root.hpa) === sp) count += 1;
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (spec_page(mmus[mmu].prev_roots[i].hpa) === sp) count += 1;
  }
  for (let i: u32 = 0; i < PAE_ROOTS; i++) {
    if (spec_page(mmus[mmu].pae_root[i]) === sp) count += 1;
  }
  return count;
}

/** Lists that the page is on. */
export function spec_lists_holding(sp: Ref<'pages'>): u32 {
  let count: u32 = 0;
  for (let l: u32 = 0; l < LISTS; l++) {
    if (listContains(lists[rowAt(lists, l)].entries, sp)) count += 1;
  }
  return count;
}

/** Bits of the requests that make a vCPU drop roots. */
export function spec_drop_bits(): u32 {
  return (1 << (KVM_REQ_MMU_RELOAD & KVM_REQUEST_MASK)) | (1 << (KVM_REQ_MMU_FREE_OBSOLETE_ROOTS & KVM_REQUEST_MASK));
}

/** A root-drop request is pending, or whoever made a root obsolete has yet to make it. */
export function spec_drop_expected(vcpu: Ref<'vcpus'>): bool {
  return (vcpus[vcpu].requests & spec_drop_bits()) !== 0 || (vm.requestOwed & (1 << indexOf(vcpu))) !== 0;
}

/** The vCPU that an MMU belongs to. */
export function spec_vcpu_of(mmu: Ref<'mmus'>): Ref<'vcpus'> {
  return rowAt(vcpus, indexOf(mmu) / 2);
}
