/** Mutant: who drops `mmu_lock` in the middle of a zap keeps the flush that it owes for later. */
import { acquire, acquireShared, type bool, chooseFair, release, releaseShared, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';

export function tdp_mmu_iter_cond_resched(iter: TdpIter, flush: bool, shared: bool): bool {
  WARN_ON(iter.yielded);
  if (iter.next_last_level_gfn === iter.yielded_gfn) return false;
  if (!chooseFair('yield mmu_lock')) return false;
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
