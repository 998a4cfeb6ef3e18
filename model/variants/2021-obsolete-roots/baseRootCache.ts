/**
 * Until 5.17: the switch of PGDs. An invalid current slot is rotated through the cache like a root, so a miss from there
 * drops the oldest entry; MMUs with special roots do not use the cache at all.
 */
import { type bool, type Ref, type Root, rowOf, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, KVM_MMU_ROOT_CURRENT, KVM_REQ_LOAD_MMU_PGD } from '../../machine/constants.ts';
import { mmus } from '../../machine/mmus.ts';
import { pages } from '../../machine/pages.ts';
import { vcpus } from '../../machine/vcpus.ts';
import { kvm_make_request } from '../../procedures/requests.ts';
import { is_root_usable, swap_root } from '../../procedures/rootCache.ts';
import { kvm_mmu_free_roots } from '../../procedures/roots.ts';

/** `cached_root_available()`. What is current at its end on a miss is the oldest entry, which the caller frees. */
export function cached_root_available(mmu: Ref<'mmus'>, new_pgd: u32): bool {
  if (is_root_usable(mmu, mmus[mmu].root.hpa, mmus[mmu].root.pgd, new_pgd)) return true;
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    swap_root(mmu, i);
    if (is_root_usable(mmu, mmus[mmu].root.hpa, mmus[mmu].root.pgd, new_pgd)) return true;
  }
  return false;
}

/** `fast_pgd_switch()`: the cache is for four levels on both sides. */
export function fast_pgd_switch(mmu: Ref<'mmus'>, new_pgd: u32): bool {
  if (mmus[mmu].usesPaeRoot) return false;
  return cached_root_available(mmu, new_pgd);
}

/** `__kvm_mmu_new_pgd()`. */
export function kvm_mmu_new_pgd(vcpu: Ref<'vcpus'>, new_pgd: u32): void {
  const mmu = vcpus[vcpu].mmu;
  if (!fast_pgd_switch(mmu, new_pgd)) {
    kvm_mmu_free_roots(mmu, KVM_MMU_ROOT_CURRENT);
    return;
  }
  kvm_make_request(KVM_REQ_LOAD_MMU_PGD, vcpu);
  const hpa: Root<'pages', 1> = mmus[mmu].root.hpa;
  if (!mmus[mmu].root_role.direct) pages[rowOf(hpa)].write_flooding_count = 0;
}
