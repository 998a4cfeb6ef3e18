/**
 * 2021, "Zap only obsolete roots if a root shadow page is zapped", as posted in December 2021 and as released in
 * v5.18.0 (527d5cd7eece). The loop over the previous roots asks about the current one.
 *
 * Signatures are the mail's: the vCPU where later kernels pass the VM.
 */

import { type bool, NULL, type Ref, type Root, rowOf, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, KVM_MMU_ROOT_CURRENT } from '../../machine/constants.ts';
import { mmus } from '../../machine/mmus.ts';
import { guest_mmu, KVM_MMU_ROOT_PREVIOUS, kvm_mmu_free_roots, root_mmu, VALID_PAGE } from '../../procedures/roots.ts';
import { is_obsolete_sp } from '../../procedures/zap.ts';

/** `is_obsolete_root()` of the mail. */
export function is_obsolete_root(vcpu: Ref<'vcpus'>, root_hpa: Root<'pages', 1>): bool {
  if (!VALID_PAGE(root_hpa)) return false;
  const sp = rowOf(root_hpa);
  return sp === NULL || is_obsolete_sp(sp);
}

/** `__kvm_mmu_free_obsolete_roots()` of the mail. */
export function __kvm_mmu_free_obsolete_roots(vcpu: Ref<'vcpus'>, mmu: Ref<'mmus'>): void {
  let roots_to_free: u32 = 0;
  if (is_obsolete_root(vcpu, mmus[mmu].root.hpa)) roots_to_free |= KVM_MMU_ROOT_CURRENT;
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (is_obsolete_root(vcpu, mmus[mmu].root.hpa)) roots_to_free |= KVM_MMU_ROOT_PREVIOUS(i);
  }
  if (roots_to_free !== 0) kvm_mmu_free_roots(mmu, roots_to_free);
}

/** `kvm_mmu_free_obsolete_roots()` of the mail. */
export function kvm_mmu_free_obsolete_roots(vcpu: Ref<'vcpus'>): void {
  __kvm_mmu_free_obsolete_roots(vcpu, root_mmu(vcpu));
  __kvm_mmu_free_obsolete_roots(vcpu, guest_mmu(vcpu));
}
