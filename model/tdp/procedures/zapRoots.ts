/**
 * Fast zap of everything, the part of the TDP MMU (arch/x86/kvm/mmu/{mmu.c,tdp_mmu.c}, 6.4 to 6.12; 2.11 and 2.12 of the facts).
 *
 * Left out: the generation, which roots of the TDP MMU do not have.
 */

import {
  acquire,
  acquireShared,
  type bool,
  holdsExclusive,
  holdsShared,
  listFirst,
  NULL,
  type Ref,
  release,
  releaseShared,
  type u32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS } from '../../machine/constants.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { GFNS, PG_LEVEL_1G, PG_LEVEL_2M, PG_LEVEL_4K, PT64_ROOT_LEVEL, SHADOW_NONPRESENT_VALUE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { kvm_tdp_mmu_put_root, tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_iter_set_spte, tdp_mmu_set_spte_atomic } from './setSpte.ts';
import { is_shadow_present_pte } from './spte.ts';
import { tdp_mmu_iter_cond_resched } from './zap.ts';

/** `kvm_tdp_mmu_invalidate_all_roots()`: the reference of the TDP MMU's own goes to the zapper. */
export function kvm_tdp_mmu_invalidate_all_roots(): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (!pages[root].role.invalid) {
      pages[root].tdp_mmu_scheduled_root_to_zap = true;
      pages[root].role.invalid = true;
    }
  }
}

/** `__tdp_mmu_zap_root()`: one pass over the entries of `zap_level` and below. No flush: nobody runs on an invalid root. */
export function __tdp_mmu_zap_root(root: Ref<'pages'>, shared: bool, zap_level: u32): void {
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
  tdp_iter_start(iter, root, zap_level, 0);
  for (; iter.valid && iter.gfn < GFNS; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, shared)) break;
      if (!is_shadow_present_pte(iter.old_spte)) break;
      if (iter.level > zap_level) break;
      if (!shared) tdp_mmu_iter_set_spte(iter, SHADOW_NONPRESENT_VALUE);
      else if (tdp_mmu_set_spte_atomic(iter, SHADOW_NONPRESENT_VALUE) !== 0) continue;
      break;
    }
  }
}
/** `tdp_mmu_zap_root()`, 6.9 to 6.12: passes of ever larger entries, so that none takes long. */
export function tdp_mmu_zap_root(root: Ref<'pages'>, shared: bool): void {
  WARN_ON(pages[root].tdp_mmu_root_count === 0, 'I-29');
  WARN_ON(shared ? !holdsShared(vm.mmu_lock) : !holdsExclusive(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  __tdp_mmu_zap_root(root, shared, PG_LEVEL_4K);
  if (PT64_ROOT_LEVEL > PG_LEVEL_2M) __tdp_mmu_zap_root(root, shared, PG_LEVEL_2M);
  if (PT64_ROOT_LEVEL > PG_LEVEL_1G) __tdp_mmu_zap_root(root, shared, PG_LEVEL_1G);
  __tdp_mmu_zap_root(root, shared, PT64_ROOT_LEVEL);
  rcu_read_unlock();
}

/** `kvm_tdp_mmu_zap_invalidated_roots()`: each root is reachable by notifiers until its SPTEs are gone. */
export function kvm_tdp_mmu_zap_invalidated_roots(): void {
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, false); root !== NULL; root = tdp_mmu_next_root(root, false)) {
    if (pages[root].tdp_mmu_scheduled_root_to_zap) {
      pages[root].tdp_mmu_scheduled_root_to_zap = false;
      WARN_ON(!pages[root].role.invalid);
      tdp_mmu_zap_root(root, true);
      kvm_tdp_mmu_put_root(root);
    }
  }
  releaseShared(vm.mmu_lock);
}

/** `kvm_mmu_zap_all_fast()`: roots are invalidated and requests made in one critical section, in this order. */
export function kvm_mmu_zap_all_fast(): void {
  WARN_ON(!holdsExclusive(vm.slots_lock));
  acquire(vm.mmu_lock);
  kvm_tdp_mmu_invalidate_all_roots();
  kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  release(vm.mmu_lock);
  kvm_tdp_mmu_zap_invalidated_roots();
}
/** `set_nx_huge_pages()` for the one VM: the caller of the fast zap that changes no memslot. */
export function set_nx_huge_pages(): void {
  acquire(vm.slots_lock);
  kvm_mmu_zap_all_fast();
  release(vm.slots_lock);
}
