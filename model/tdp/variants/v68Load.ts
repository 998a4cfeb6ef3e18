/** 6.4 to 6.8, and 6.1.y: roots are loaded and dropped with the write lock, and a root is zapped in two passes. */
import {
  acquire,
  alloc,
  type bool,
  holdsExclusive,
  holdsShared,
  listFirst,
  NULL,
  type Out,
  type Ref,
  release,
  type s32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_2M, PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { kvm_tdp_mmu_get_root, list_add_rcu } from '../procedures/roots.ts';
import { mmu_free_root_page, role_matches, tdp_mmu_init_root } from '../procedures/vcpuRoots.ts';
import { __tdp_mmu_zap_root } from '../procedures/zapRoots.ts';

/** `kvm_tdp_mmu_get_vcpu_root_hpa()`. */
export function kvm_tdp_mmu_get_vcpu_root_hpa(): Ref<'pages'> {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (role_matches(root) && kvm_tdp_mmu_get_root(root)) return root;
  }
  const root = alloc(pages);
  tdp_mmu_init_root(root);
  acquire(vm.tdp_mmu_pages_lock);
  list_add_rcu(root);
  release(vm.tdp_mmu_pages_lock);
  return root;
}
/** `mmu_alloc_direct_roots()`. */
export function kvm_tdp_mmu_alloc_root(vcpu: Ref<'vcpus'>): s32 {
  acquire(vm.mmu_lock);
  vcpus[vcpu].root = kvm_tdp_mmu_get_vcpu_root_hpa();
  release(vm.mmu_lock);
  return 0;
}
export function kvm_mmu_free_roots(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].root === NULL) return;
  acquire(vm.mmu_lock);
  const root_hpa: Out<Ref<'pages'>> = { value: vcpus[vcpu].root };
  mmu_free_root_page(root_hpa);
  vcpus[vcpu].root = root_hpa.value;
  release(vm.mmu_lock);
}
/** The pass at 1 GiB, which is level 2 where there are three levels, and the root. */
export function tdp_mmu_zap_root(root: Ref<'pages'>, shared: bool): void {
  WARN_ON(pages[root].tdp_mmu_root_count === 0, 'I-29');
  WARN_ON(shared ? !holdsShared(vm.mmu_lock) : !holdsExclusive(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  if (PT64_ROOT_LEVEL > PG_LEVEL_2M) __tdp_mmu_zap_root(root, shared, PG_LEVEL_2M);
  __tdp_mmu_zap_root(root, shared, PT64_ROOT_LEVEL);
  rcu_read_unlock();
}
