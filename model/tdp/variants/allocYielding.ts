/**
 * As merged in 5.18, and as posted (until about 6.9): an allocation that does not sleep is tried first, with the locks held; only if
 * that fails are they dropped.
 */
import { acquire, acquireShared, type bool, NULL, type Ref, release, releaseShared } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { __tdp_mmu_alloc_sp_for_split } from './allocNowait.ts';

/** `tdp_mmu_alloc_sp_for_split()`: the walk has to begin anew where the locks were dropped. */
export function tdp_mmu_alloc_sp_yielding(iter: TdpIter, shared: bool): Ref<'pages'> {
  let sp: Ref<'pages'> = __tdp_mmu_alloc_sp_for_split(false);
  if (sp !== NULL) return sp;
  rcu_read_unlock();
  if (shared) releaseShared(vm.mmu_lock);
  else release(vm.mmu_lock);
  iter.yielded = true;
  sp = __tdp_mmu_alloc_sp_for_split(true);
  if (shared) acquireShared(vm.mmu_lock);
  else acquire(vm.mmu_lock);
  rcu_read_lock();
  return sp;
}
