/**
 * 5.13 to 5.15: the TDP MMU has no reference of its own, so the last put of a root, valid or not, zaps it first; a fast zap takes
 * references instead, and has all vCPUs drop all roots.
 *
 * Of the later iterator (3a0f64de479c): the older one passed an entry over after each yield.
 */
import {
  acquire,
  acquireShared,
  type bool,
  holds,
  holdsExclusive,
  listFirst,
  NULL,
  type Ref,
  release,
  releaseShared,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_RELOAD } from '../../machine/constants.ts';
import { kvm_check_request, kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { GFNS, PT64_ROOT_LEVEL, SHADOW_NONPRESENT_VALUE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from '../procedures/iter.ts';
import { call_rcu, rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { kvm_tdp_mmu_get_root, list_del_rcu, refcount_dec_and_test } from '../procedures/roots.ts';
import { tdp_mmu_iter_set_spte, tdp_mmu_zap_spte_atomic } from '../procedures/setSpte.ts';
import { is_shadow_present_pte } from '../procedures/spte.ts';
import { kvm_mmu_unload } from '../procedures/vcpuRoots.ts';
import { tdp_mmu_iter_cond_resched } from '../procedures/zap.ts';

export function tdp_mmu_init_root(root: Ref<'pages'>): void {
  pages[root].role.level = PT64_ROOT_LEVEL;
  pages[root].tdp_mmu_root_count = 1;
}

/** `zap_gfn_range()` of everything: entries of the root only, with all below them. */
export function zap_gfn_range(root: Ref<'pages'>, can_yield: bool, shared: bool): void {
  const iter: TdpIter = {
    next_last_level_gfn: 0,
    yielded_gfn: 0,
    root: NULL,
    middle: NULL,
    sptep: NULL,
    old_spte: 0,
    gfn: 0,
    level: 0,
    min_level: 0,
    valid: false,
    yielded: false,
  };
  rcu_read_lock();
  tdp_iter_start(iter, root, PT64_ROOT_LEVEL, 0);
  for (; iter.valid && iter.gfn < GFNS; tdp_iter_next(iter)) {
    retry: while (true) {
      if (can_yield && tdp_mmu_iter_cond_resched(iter, false, shared)) break;
      if (!is_shadow_present_pte(iter.old_spte)) break;
      if (!shared) tdp_mmu_iter_set_spte(iter, SHADOW_NONPRESENT_VALUE);
      else if (tdp_mmu_zap_spte_atomic(iter) !== 0) continue;
      break;
    }
  }
  rcu_read_unlock();
}

/** The lock mode, a parameter then, is seen from the lock. */
export function kvm_tdp_mmu_put_root(root: Ref<'pages'>): void {
  WARN_ON(!holds(vm.mmu_lock), 'I-24');
  if (!refcount_dec_and_test(root)) return;
  acquire(vm.tdp_mmu_pages_lock);
  list_del_rcu(root);
  release(vm.tdp_mmu_pages_lock);
  zap_gfn_range(root, false, !holdsExclusive(vm.mmu_lock));
  call_rcu(root);
}

export function kvm_tdp_mmu_invalidate_all_roots(): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (kvm_tdp_mmu_get_root(root)) pages[root].role.invalid = true;
  }
}
/** With RCU. Roots that are invalid and referenced: `kvm_tdp_mmu_invalidate_all_roots()` holds a reference on each. */
export function next_invalidated_root(prev_root: Ref<'pages'>): Ref<'pages'> {
  let next_root = prev_root === NULL ? listFirst(vm.tdp_mmu_roots) : pages[prev_root].link;
  while (next_root !== NULL && !(pages[next_root].role.invalid && pages[next_root].tdp_mmu_root_count !== 0)) {
    next_root = pages[next_root].link;
  }
  return next_root;
}
export function kvm_tdp_mmu_zap_invalidated_roots(): void {
  acquireShared(vm.mmu_lock);
  rcu_read_lock();
  let root = next_invalidated_root(NULL);
  while (root !== NULL) {
    const next_root = next_invalidated_root(root);
    rcu_read_unlock();
    zap_gfn_range(root, true, true);
    kvm_tdp_mmu_put_root(root);
    root = next_root;
    rcu_read_lock();
  }
  rcu_read_unlock();
  releaseShared(vm.mmu_lock);
}

export function kvm_mmu_zap_all_fast(): void {
  WARN_ON(!holdsExclusive(vm.slots_lock));
  acquire(vm.mmu_lock);
  kvm_tdp_mmu_invalidate_all_roots();
  kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  release(vm.mmu_lock);
  kvm_tdp_mmu_zap_invalidated_roots();
}
export function service_root_requests(vcpu: Ref<'vcpus'>): void {
  if (kvm_check_request(KVM_REQ_MMU_RELOAD, vcpu)) kvm_mmu_unload(vcpu);
}
