/**
 * Dropping obsolete roots on request (arch/x86/kvm/mmu/mmu.c, 5.19, 5.18.y and later: with the fix cf4a8693d97a).
 *
 * The predicate is read without `mmu_lock`; this vCPU's own references keep the pages from being freed.
 */

import { type bool, NULL, type Ref, type Root, rowOf, type u32 } from '../../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, KVM_MMU_ROOT_CURRENT } from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { guest_mmu, KVM_MMU_ROOT_PREVIOUS, kvm_mmu_free_roots, root_mmu, VALID_PAGE } from './roots.ts';
import { is_obsolete_sp } from './zap.ts';

/** `is_obsolete_root()`: a root without a shadow page counts as obsolete. */
export function is_obsolete_root(root_hpa: Root<'pages', 1>): bool {
  if (!VALID_PAGE(root_hpa)) return false;
  const sp = rowOf(root_hpa);
  return sp === NULL || is_obsolete_sp(sp);
}

/** `__kvm_mmu_free_obsolete_roots()`. */
export function __kvm_mmu_free_obsolete_roots(mmu: Ref<'mmus'>): void {
  let roots_to_free: u32 = 0;
  if (is_obsolete_root(mmus[mmu].root.hpa)) roots_to_free |= KVM_MMU_ROOT_CURRENT;
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (is_obsolete_root(mmus[mmu].prev_roots[i].hpa)) roots_to_free |= KVM_MMU_ROOT_PREVIOUS(i);
  }
  if (roots_to_free !== 0) kvm_mmu_free_roots(mmu, roots_to_free);
}

/** `kvm_mmu_free_obsolete_roots()`: both MMUs. */
export function kvm_mmu_free_obsolete_roots(vcpu: Ref<'vcpus'>): void {
  __kvm_mmu_free_obsolete_roots(root_mmu(vcpu));
  __kvm_mmu_free_obsolete_roots(guest_mmu(vcpu));
}
