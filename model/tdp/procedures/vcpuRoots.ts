/**
 * Roots of a vCPU: loading and dropping (arch/x86/kvm/mmu/{mmu.c,tdp_mmu.c}, 6.9 to 6.12: with the read lock; 2.10 and 2.12 of the facts).
 *
 * Left out: previous roots, which an MMU of the TDP kind has only where its role changes; special roots; topping up of memory caches.
 */

import {
  acquire,
  acquireShared,
  alloc,
  type bool,
  holds,
  listFirst,
  NULL,
  type Out,
  type Ref,
  release,
  releaseShared,
  type s32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_get_root, kvm_tdp_mmu_put_root, list_add_rcu, tdp_mmu_next_root } from './roots.ts';

/** `root->role.word == role.word`: the word has `invalid` in it. */
export function role_matches(root: Ref<'pages'>): bool {
  return pages[root].role.level === PT64_ROOT_LEVEL && !pages[root].role.invalid;
}
/** The role of a root, and the references on a new one: the TDP MMU's own, which it keeps until the root is invalid, and the vCPU's. */
export function tdp_mmu_init_root(root: Ref<'pages'>): void {
  pages[root].role.level = PT64_ROOT_LEVEL;
  pages[root].tdp_mmu_root_count = 2;
}

/** `kvm_tdp_mmu_alloc_root()`: a valid root of that role, or a new one. The slot is set after the lock is dropped. */
export function kvm_tdp_mmu_alloc_root(vcpu: Ref<'vcpus'>): s32 {
  acquireShared(vm.mmu_lock);
  let root = tdp_mmu_next_root(NULL, true);
  while (root !== NULL && !role_matches(root)) root = tdp_mmu_next_root(root, true);
  if (root === NULL) {
    acquire(vm.tdp_mmu_pages_lock);
    root = listFirst(vm.tdp_mmu_roots);
    while (root !== NULL) {
      if (role_matches(root) && !WARN_ON(!kvm_tdp_mmu_get_root(root))) break;
      root = pages[root].link;
    }
    if (root === NULL) {
      root = alloc(pages);
      tdp_mmu_init_root(root);
      list_add_rcu(root);
    }
    release(vm.tdp_mmu_pages_lock);
  }
  releaseShared(vm.mmu_lock);
  vcpus[vcpu].root = root;
  return 0;
}

/** `kvm_mmu_load_pgd()`: tells the hardware. */
export function kvm_mmu_load_pgd(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].hw_root = vcpus[vcpu].root;
}
/** `static_call(kvm_x86_flush_tlb_current)()`: drops what the hardware may have cached of the current root. Hooks do it. */
export function kvm_x86_flush_tlb_current(vcpu: Ref<'vcpus'>): void {
  WARN_ON(vcpu === NULL);
}

/** `kvm_mmu_load()`: nobody flushes when a root is freed; who loads one does. */
export function kvm_mmu_load(vcpu: Ref<'vcpus'>): s32 {
  const r = kvm_tdp_mmu_alloc_root(vcpu);
  if (r !== 0) return r;
  kvm_mmu_load_pgd(vcpu);
  kvm_x86_flush_tlb_current(vcpu);
  return 0;
}
/** `kvm_mmu_reload()`: loads a root if there is none. */
export function kvm_mmu_reload(vcpu: Ref<'vcpus'>): s32 {
  if (vcpus[vcpu].root !== NULL) return 0;
  return kvm_mmu_load(vcpu);
}

/** `mmu_free_root_page()`: the slot lets go of its reference, and is invalid afterwards. */
export function mmu_free_root_page(root_hpa: Out<Ref<'pages'>>): void {
  if (root_hpa.value === NULL) return;
  WARN_ON(!holds(vm.mmu_lock), 'I-24');
  kvm_tdp_mmu_put_root(root_hpa.value);
  root_hpa.value = NULL;
}
/** `kvm_mmu_free_roots()` of the one slot. */
export function kvm_mmu_free_roots(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].root === NULL) return;
  acquireShared(vm.mmu_lock);
  const root_hpa: Out<Ref<'pages'>> = { value: vcpus[vcpu].root };
  mmu_free_root_page(root_hpa);
  vcpus[vcpu].root = root_hpa.value;
  releaseShared(vm.mmu_lock);
}
/** `kvm_mmu_unload()`. */
export function kvm_mmu_unload(vcpu: Ref<'vcpus'>): void {
  kvm_mmu_free_roots(vcpu);
  WARN_ON(vcpus[vcpu].root !== NULL);
}

/** `is_obsolete_root()`: read without `mmu_lock`. */
export function is_obsolete_root(root: Ref<'pages'>): bool {
  if (root === NULL) return false;
  return pages[root].role.invalid;
}
/** `kvm_mmu_free_obsolete_roots()`. */
export function kvm_mmu_free_obsolete_roots(vcpu: Ref<'vcpus'>): void {
  if (is_obsolete_root(vcpus[vcpu].root)) kvm_mmu_free_roots(vcpu);
}
