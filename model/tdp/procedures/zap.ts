/**
 * Zapping ranges (arch/x86/kvm/mmu/tdp_mmu.c, 6.8 to 6.12; 2.15 of the facts), and yielding in the middle.
 */

import {
  acquire,
  acquireShared,
  type bool,
  chooseFair,
  holdsExclusive,
  NULL,
  type Ref,
  release,
  releaseShared,
  type u32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, SHADOW_NONPRESENT_VALUE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_iter_set_spte } from './setSpte.ts';
import { is_last_spte, is_shadow_present_pte } from './spte.ts';

/** `tdp_mmu_iter_cond_resched()`: a yield, which is a free choice, needs a new last-level gfn since the last one. */
export function tdp_mmu_iter_cond_resched(iter: TdpIter, flush: bool, shared: bool): bool {
  WARN_ON(iter.yielded);
  if (iter.next_last_level_gfn === iter.yielded_gfn) return false;
  if (!chooseFair('yield mmu_lock')) return false;
  if (flush) kvm_flush_remote_tlbs();
  rcu_read_unlock();
  if (shared) {
    releaseShared(vm.mmu_lock);
    acquireShared(vm.mmu_lock);
  } else {
    release(vm.mmu_lock);
    acquire(vm.mmu_lock);
  }
  rcu_read_lock();
  WARN_ON(iter.gfn > iter.next_last_level_gfn);
  iter.yielded = true;
  return true;
}

/** `tdp_mmu_zap_leafs()`: gives whether a flush is owed. */
export function tdp_mmu_zap_leafs(root: Ref<'pages'>, start: u32, end: u32, can_yield: bool, owed: bool): bool {
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
  let flush = owed;
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  tdp_iter_start(iter, root, PG_LEVEL_4K, start);
  for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    if (can_yield && tdp_mmu_iter_cond_resched(iter, flush, false)) {
      flush = false;
      continue;
    }
    if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) continue;
    tdp_mmu_iter_set_spte(iter, SHADOW_NONPRESENT_VALUE);
    if (!pages[root].role.invalid) flush = true;
  }
  rcu_read_unlock();
  return flush;
}

/** `kvm_tdp_mmu_zap_leafs()`: all valid roots. */
export function kvm_tdp_mmu_zap_leafs(start: u32, end: u32, owed: bool): bool {
  let flush = owed;
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    flush = tdp_mmu_zap_leafs(root, start, end, true, flush);
  }
  return flush;
}

/** `kvm_tdp_mmu_unmap_gfn_range()`: all roots, valid or not. */
export function kvm_tdp_mmu_unmap_gfn_range(start: u32, end: u32, may_block: bool, owed: bool): bool {
  let flush = owed;
  for (let root = tdp_mmu_next_root(NULL, false); root !== NULL; root = tdp_mmu_next_root(root, false)) {
    flush = tdp_mmu_zap_leafs(root, start, end, may_block, flush);
  }
  return flush;
}
