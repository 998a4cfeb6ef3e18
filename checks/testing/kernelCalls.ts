/**
 * Model text for model-based tests: kernel procedures as a thread calls them, with `mmu_lock` around them where it must be held.
 */

import {
  acquire,
  NULL,
  type Out,
  pointerTo,
  type Ref,
  type Root,
  release,
  rootOf,
  rowAt,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, LIST_INVALID } from '../../model/machine/constants.ts';
import { lists } from '../../model/machine/lists.ts';
import { pages } from '../../model/machine/pages.ts';
import { vcpus } from '../../model/machine/vcpus.ts';
import { vm } from '../../model/machine/vm.ts';
import { link_shadow_page, mmu_set_spte } from '../../model/procedures/fault.ts';
import { nested_ept_init_mmu_context } from '../../model/procedures/guest.ts';
import { kvm_make_all_cpus_request } from '../../model/procedures/requests.ts';
import { mmu_alloc_root, mmu_free_root_page } from '../../model/procedures/roots.ts';
import { kvm_mmu_get_page, kvm_mmu_zap_oldest_mmu_pages, make_mmu_pages_available } from '../../model/procedures/shadowPages.ts';
import { __kvm_mmu_prepare_zap_page, kvm_mmu_commit_zap_page, mmu_page_zap_pte } from '../../model/procedures/zap.ts';
import { kvm_zap_obsolete_pages } from '../../model/procedures/zapAll.ts';
import { createVcpu } from '../../model/prologues/roots.ts';

/** A vCPU that has loaded PGD 0 and has no root yet. */
export function calls_begin(): void {
  createVcpu(rowAt(vcpus, 0), 0);
}
/** The same in L2. */
export function calls_beginNested(): void {
  createVcpu(rowAt(vcpus, 0), 0);
  nested_ept_init_mmu_context(rowAt(vcpus, 0), 0);
}

/** First half of `kvm_mmu_zap_all_fast()`: until it gives up `mmu_lock` before it has zapped anything. */
export function calls_beginZapAll(): void {
  acquire(vm.mmu_lock);
  vm.mmu_valid_gen = vm.mmu_valid_gen !== 0 ? 0 : 1;
  kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  release(vm.mmu_lock);
}
/** Second half. */
export function calls_finishZapAll(): void {
  acquire(vm.mmu_lock);
  kvm_zap_obsolete_pages();
  release(vm.mmu_lock);
}

/** What a fault does for a table that it needs; NULL if the quota allows none. */
export function calls_getPage(gfn: u32, level: u32): Ref<'pages'> {
  let sp: Ref<'pages'> = NULL;
  acquire(vm.mmu_lock);
  if (make_mmu_pages_available() === 0) sp = kvm_mmu_get_page(rowAt(vcpus, 0), gfn, level, false);
  release(vm.mmu_lock);
  return sp;
}
/** What loading a root does; no slot is filled. */
export function calls_holdRoot(gfn: u32, level: u32): Ref<'pages'> {
  let sp: Ref<'pages'> = NULL;
  acquire(vm.mmu_lock);
  if (make_mmu_pages_available() === 0) sp = mmu_alloc_root(rowAt(vcpus, 0), gfn, level, false);
  release(vm.mmu_lock);
  return sp;
}
/** What emptying a slot does. */
export function calls_dropRoot(sp: Ref<'pages'>): void {
  const root_hpa: Out<Root<'pages', 1>> = { value: rootOf(sp) };
  acquire(vm.mmu_lock);
  mmu_free_root_page(root_hpa, rowAt(lists, LIST_INVALID));
  kvm_mmu_commit_zap_page(rowAt(lists, LIST_INVALID));
  release(vm.mmu_lock);
}

/** A link from entry `index` of `parent` to `child`. */
export function calls_link(parent: Ref<'pages'>, index: u32, child: Ref<'pages'>): void {
  acquire(vm.mmu_lock);
  link_shadow_page(rowAt(vcpus, 0), pointerTo(pages, parent, 'spt', index), child);
  release(vm.mmu_lock);
}
/** A translation in entry `index` of a lowest table. */
export function calls_map(table: Ref<'pages'>, index: u32): void {
  acquire(vm.mmu_lock);
  mmu_set_spte(rowAt(vcpus, 0), pointerTo(pages, table, 'spt', index), 0, false);
  release(vm.mmu_lock);
}
/** A write of the guest takes a link or a translation away; as in `kvm_mmu_pte_write()` there is no list for orphans. */
export function calls_unlink(parent: Ref<'pages'>, index: u32): void {
  acquire(vm.mmu_lock);
  mmu_page_zap_pte(pointerTo(pages, parent, 'spt', index), NULL);
  release(vm.mmu_lock);
}
/** Gives the number of pages zapped, as the kernel counts them. */
export function calls_zap(sp: Ref<'pages'>): u32 {
  acquire(vm.mmu_lock);
  const nr_zapped: Out<u32> = { value: 0 };
  __kvm_mmu_prepare_zap_page(sp, rowAt(lists, LIST_INVALID), nr_zapped);
  kvm_mmu_commit_zap_page(rowAt(lists, LIST_INVALID));
  release(vm.mmu_lock);
  return nr_zapped.value;
}
/** Gives the number of pages zapped. */
export function calls_recycle(wanted: u32): u32 {
  acquire(vm.mmu_lock);
  const zapped = kvm_mmu_zap_oldest_mmu_pages(wanted);
  release(vm.mmu_lock);
  return zapped;
}
