/** Mutant: a yield that nobody hears of, so that the walk goes on where it was, although the table may be gone. */
import { acquire, acquireShared, type bool, chooseFair, release, releaseShared, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from '../procedures/flush.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';

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
  return iter.yielded;
}
