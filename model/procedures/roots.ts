/**
 * Roots of a vCPU: loading and freeing (arch/x86/kvm/mmu/mmu.c, 5.16 to 6.12; 2.10 of the facts).
 *
 * Left out: topping up of memory caches (allocation never fails), the check that the PGD is in a memslot.
 * `struct kvm *` parameters are dropped: there is one VM; so is the vCPU that `kvm_mmu_free_roots` took until 5.17.
 */

import {
  acquire,
  type bool,
  indexOf,
  NULL,
  type Out,
  type Ref,
  type Root,
  release,
  rootOf,
  rowAt,
  rowOf,
  type s32,
  specialRoot,
  type u32,
  WARN_ON,
} from '../../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, KVM_MMU_ROOT_CURRENT, KVM_MMU_ROOTS_ALL, LIST_INVALID, PAE_ROOTS } from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_get_page, make_mmu_pages_available } from './shadowPages.ts';
import { kvm_mmu_sync_roots } from './sync.ts';
import { kvm_mmu_commit_zap_page, kvm_mmu_prepare_zap_page } from './zap.ts';

/** `&vcpu->arch.root_mmu`. */
export function root_mmu(vcpu: Ref<'vcpus'>): Ref<'mmus'> {
  return rowAt(mmus, indexOf(vcpu) * 2);
}
/** `&vcpu->arch.guest_mmu`. */
export function guest_mmu(vcpu: Ref<'vcpus'>): Ref<'mmus'> {
  return rowAt(mmus, indexOf(vcpu) * 2 + 1);
}
/** `VALID_PAGE()` of a root. */
export function VALID_PAGE(hpa: Root<'pages', 1>): bool {
  return hpa !== NULL;
}
/** `KVM_MMU_ROOT_PREVIOUS()`. */
export function KVM_MMU_ROOT_PREVIOUS(i: u32): u32 {
  return 1 << (1 + i);
}
/** `mmu->get_guest_pgd()`: CR3 for L1, the EPTP for L2. */
export function get_guest_pgd(vcpu: Ref<'vcpus'>, mmu: Ref<'mmus'>): u32 {
  if (mmus[mmu].root_role.guest_mode) return vcpus[vcpu].guest.eptp;
  return vcpus[vcpu].guest.cr3;
}

/** `mmu_free_root_page()`: the slot `root_hpa` lets go of its reference, and is invalid afterwards. */
export function mmu_free_root_page(root_hpa: Out<Root<'pages', 1>>, invalid_list: Ref<'lists'>): void {
  if (!VALID_PAGE(root_hpa.value)) return;
  const sp = rowOf(root_hpa.value);
  if (WARN_ON(sp === NULL)) return;
  pages[sp].root_count -= 1;
  if (pages[sp].root_count === 0 && pages[sp].role.invalid) kvm_mmu_prepare_zap_page(sp, invalid_list);
  root_hpa.value = NULL;
}

/** `kvm_mmu_free_roots()`: previous roots of the mask, then the current one. Takes `mmu_lock` only if there is something to do. */
export function kvm_mmu_free_roots(mmu: Ref<'mmus'>, roots_to_free: u32): void {
  const invalid_list = rowAt(lists, LIST_INVALID);
  const free_active_root = (roots_to_free & KVM_MMU_ROOT_CURRENT) !== 0 && VALID_PAGE(mmus[mmu].root.hpa);
  if (!free_active_root) {
    let found: bool = false;
    for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
      if ((roots_to_free & KVM_MMU_ROOT_PREVIOUS(i)) !== 0 && VALID_PAGE(mmus[mmu].prev_roots[i].hpa)) found = true;
    }
    if (!found) return;
  }
  acquire(vm.mmu_lock);
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if ((roots_to_free & KVM_MMU_ROOT_PREVIOUS(i)) !== 0) {
      const root_hpa: Out<Root<'pages', 1>> = { value: mmus[mmu].prev_roots[i].hpa };
      mmu_free_root_page(root_hpa, invalid_list);
      mmus[mmu].prev_roots[i].hpa = root_hpa.value;
    }
  }
  if (free_active_root) {
    if (rowOf(mmus[mmu].root.hpa) !== NULL) {
      const root_hpa: Out<Root<'pages', 1>> = { value: mmus[mmu].root.hpa };
      mmu_free_root_page(root_hpa, invalid_list);
    } else {
      for (let i: u32 = 0; i < PAE_ROOTS; i++) {
        const root_hpa: Out<Root<'pages', 1>> = { value: mmus[mmu].pae_root[i] };
        mmu_free_root_page(root_hpa, invalid_list);
        mmus[mmu].pae_root[i] = root_hpa.value;
      }
    }
    mmus[mmu].root.hpa = NULL;
    mmus[mmu].root.pgd = 0;
  }
  kvm_mmu_commit_zap_page(invalid_list);
  release(vm.mmu_lock);
}

/** `kvm_mmu_unload()`: all roots of both MMUs. */
export function kvm_mmu_unload(vcpu: Ref<'vcpus'>): void {
  kvm_mmu_free_roots(root_mmu(vcpu), KVM_MMU_ROOTS_ALL);
  WARN_ON(VALID_PAGE(mmus[root_mmu(vcpu)].root.hpa));
  kvm_mmu_free_roots(guest_mmu(vcpu), KVM_MMU_ROOTS_ALL);
  WARN_ON(VALID_PAGE(mmus[guest_mmu(vcpu)].root.hpa));
}

/** `mmu_alloc_root()`: a page found or made, with one more reference. */
export function mmu_alloc_root(vcpu: Ref<'vcpus'>, gfn: u32, level: u32, direct: bool): Ref<'pages'> {
  const sp = kvm_mmu_get_page(vcpu, gfn, level, direct);
  pages[sp].root_count += 1;
  return sp;
}

/** `mmu_alloc_direct_roots()` of the shadow MMU. No direct MMU has a special root here. */
export function mmu_alloc_direct_roots(vcpu: Ref<'vcpus'>): s32 {
  const mmu = vcpus[vcpu].mmu;
  acquire(vm.mmu_lock);
  const r = make_mmu_pages_available();
  if (r === 0) {
    mmus[mmu].root.hpa = rootOf(mmu_alloc_root(vcpu, 0, mmus[mmu].root_role.level, true));
    mmus[mmu].root.pgd = 0;
  }
  release(vm.mmu_lock);
  return r;
}

/**
 * `mmu_alloc_shadow_roots()`. A special root has its page directories right below; with one entry that directory is the frame of the PGD.
 */
export function mmu_alloc_shadow_roots(vcpu: Ref<'vcpus'>): s32 {
  const mmu = vcpus[vcpu].mmu;
  const root_pgd = get_guest_pgd(vcpu, mmu);
  acquire(vm.mmu_lock);
  const r = make_mmu_pages_available();
  if (r === 0) {
    if (mmus[mmu].usesPaeRoot) {
      for (let i: u32 = 0; i < PAE_ROOTS; i++) {
        mmus[mmu].pae_root[i] = rootOf(mmu_alloc_root(vcpu, root_pgd + i, mmus[mmu].root_role.level, false));
      }
      mmus[mmu].root.hpa = specialRoot(0);
    } else {
      mmus[mmu].root.hpa = rootOf(mmu_alloc_root(vcpu, root_pgd, mmus[mmu].root_role.level, false));
    }
    mmus[mmu].root.pgd = root_pgd;
  }
  release(vm.mmu_lock);
  return r;
}

/** `kvm_mmu_load_pgd()`: tells the hardware. */
export function kvm_mmu_load_pgd(vcpu: Ref<'vcpus'>): void {
  const mmu = vcpus[vcpu].mmu;
  const hpa = mmus[mmu].root.hpa;
  if (!VALID_PAGE(hpa)) return;
  mmus[mmu].hw_root = hpa;
}

/** `static_call(kvm_x86_flush_tlb_current)()`: drops what this vCPU's hardware may have cached. Hooks do it. */
export function kvm_x86_flush_tlb_current(vcpu: Ref<'vcpus'>): void {
  WARN_ON(vcpu === NULL);
}
/** `kvm_vcpu_flush_tlb_all()`: as above. */
export function kvm_vcpu_flush_tlb_all(vcpu: Ref<'vcpus'>): void {
  WARN_ON(vcpu === NULL);
}

/** `kvm_mmu_load()`. */
export function kvm_mmu_load(vcpu: Ref<'vcpus'>): s32 {
  let r: s32 = 0;
  if (mmus[vcpus[vcpu].mmu].root_role.direct) r = mmu_alloc_direct_roots(vcpu);
  else r = mmu_alloc_shadow_roots(vcpu);
  if (r !== 0) return r;
  kvm_mmu_sync_roots(vcpu);
  kvm_mmu_load_pgd(vcpu);
  kvm_x86_flush_tlb_current(vcpu);
  return 0;
}

/** `kvm_mmu_reload()`: loads a root if there is none. */
export function kvm_mmu_reload(vcpu: Ref<'vcpus'>): s32 {
  if (VALID_PAGE(mmus[vcpus[vcpu].mmu].root.hpa)) return 0;
  return kvm_mmu_load(vcpu);
}
