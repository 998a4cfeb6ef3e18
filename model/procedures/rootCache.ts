/**
 * The cache of previous roots, and switching to another PGD (arch/x86/kvm/mmu/mmu.c, 5.18 and later; 2.10 of the facts).
 *
 * All of it is the vCPU's own thread, without `mmu_lock` but for freeing. No hit looks at obsolescence: the root-drop
 * request is trusted to have been serviced, or to be pending at guest entry.
 */

import { type bool, NULL, type Ref, type Root, rowOf, type u32 } from '../../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, KVM_MMU_ROOT_CURRENT, KVM_REQ_LOAD_MMU_PGD } from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_make_request } from './requests.ts';
import { kvm_mmu_free_roots, VALID_PAGE } from './roots.ts';

/** `role.word == to_shadow_page(root->hpa)->role.word`: the whole word, `invalid` included, which no wanted role has set. */
export function root_role_matches(mmu: Ref<'mmus'>, sp: Ref<'pages'>): bool {
  return (
    pages[sp].role.level === mmus[mmu].root_role.level &&
    pages[sp].role.direct === mmus[mmu].root_role.direct &&
    pages[sp].role.guest_mode === mmus[mmu].root_role.guest_mode &&
    !pages[sp].role.invalid
  );
}

/** `is_root_usable()`. */
export function is_root_usable(mmu: Ref<'mmus'>, hpa: Root<'pages', 1>, pgd: u32, new_pgd: u32): bool {
  return (mmus[mmu].root_role.direct || new_pgd === pgd) && VALID_PAGE(hpa) && root_role_matches(mmu, rowOf(hpa));
}

/** `swap(mmu->root, mmu->prev_roots[i])`. */
export function swap_root(mmu: Ref<'mmus'>, i: u32): void {
  const hpa = mmus[mmu].root.hpa;
  const pgd = mmus[mmu].root.pgd;
  mmus[mmu].root.hpa = mmus[mmu].prev_roots[i].hpa;
  mmus[mmu].root.pgd = mmus[mmu].prev_roots[i].pgd;
  mmus[mmu].prev_roots[i].hpa = hpa;
  mmus[mmu].prev_roots[i].pgd = pgd;
}

/** `cached_root_find_and_keep_current()`: the swaps rotate the cache; on a miss the oldest root goes. */
export function cached_root_find_and_keep_current(mmu: Ref<'mmus'>, new_pgd: u32): bool {
  if (is_root_usable(mmu, mmus[mmu].root.hpa, mmus[mmu].root.pgd, new_pgd)) return true;
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    swap_root(mmu, i);
    if (is_root_usable(mmu, mmus[mmu].root.hpa, mmus[mmu].root.pgd, new_pgd)) return true;
  }
  kvm_mmu_free_roots(mmu, KVM_MMU_ROOT_CURRENT);
  return false;
}

/** `cached_root_find_without_current()`: a hit is taken out and the gap closed. */
export function cached_root_find_without_current(mmu: Ref<'mmus'>, new_pgd: u32): bool {
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (is_root_usable(mmu, mmus[mmu].prev_roots[i].hpa, mmus[mmu].prev_roots[i].pgd, new_pgd)) {
      swap_root(mmu, i);
      for (let j: u32 = 0; j < KVM_MMU_NUM_PREV_ROOTS - 1; j++) {
        if (j >= i) {
          mmus[mmu].prev_roots[j].hpa = mmus[mmu].prev_roots[j + 1].hpa;
          mmus[mmu].prev_roots[j].pgd = mmus[mmu].prev_roots[j + 1].pgd;
        }
      }
      mmus[mmu].prev_roots[KVM_MMU_NUM_PREV_ROOTS - 1].hpa = NULL;
      return true;
    }
  }
  return false;
}

/** `fast_pgd_switch()`: a root without a shadow page is never kept. */
export function fast_pgd_switch(mmu: Ref<'mmus'>, new_pgd: u32): bool {
  if (VALID_PAGE(mmus[mmu].root.hpa) && rowOf(mmus[mmu].root.hpa) === NULL) kvm_mmu_free_roots(mmu, KVM_MMU_ROOT_CURRENT);
  if (VALID_PAGE(mmus[mmu].root.hpa)) return cached_root_find_and_keep_current(mmu, new_pgd);
  return cached_root_find_without_current(mmu, new_pgd);
}

/** `kvm_mmu_new_pgd()`. */
export function kvm_mmu_new_pgd(vcpu: Ref<'vcpus'>, new_pgd: u32): void {
  const mmu = vcpus[vcpu].mmu;
  if (!fast_pgd_switch(mmu, new_pgd)) return;
  kvm_make_request(KVM_REQ_LOAD_MMU_PGD, vcpu);
  if (!mmus[mmu].root_role.direct) pages[rowOf(mmus[mmu].root.hpa)].write_flooding_count = 0;
}
