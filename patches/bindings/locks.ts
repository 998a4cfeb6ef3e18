/** Locks and what observes them: facts 5.3. */
import type { BindingPart } from './schema.ts';

export const locks: BindingPart = {
  subsystem: 'locks',
  fields: [
    { of: 'vm', field: 'mmu_lock', c: ['mmu_lock'] },
    { of: 'vm', field: 'slots_lock', c: ['slots_lock'] },
  ],
  calls: [
    { c: ['write_lock', 'spin_lock', 'mutex_lock'], is: { lock: 'acquire', mode: 'exclusive' } },
    { c: ['write_unlock', 'spin_unlock', 'mutex_unlock'], is: { lock: 'release', mode: 'exclusive' } },
    { c: ['read_lock'], is: { lock: 'acquire', mode: 'shared' } },
    { c: ['read_unlock'], is: { lock: 'release', mode: 'shared' } },
    { c: ['mutex_trylock', 'spin_trylock', 'write_trylock'], is: { tryLock: 'exclusive' } },
    { c: ['read_trylock'], is: { tryLock: 'shared' } },
    { c: ['lockdep_assert_held'], is: { assertHeld: 'held', property: 'I-24' } },
    { c: ['lockdep_assert_held_write'], is: { assertHeld: 'heldExclusive', property: 'I-24' } },
    { c: ['lockdep_assert_held_read'], is: { assertHeld: 'heldShared', property: 'I-24' } },
    { c: ['rwlock_needbreak', 'spin_needbreak', 'rwlock_is_contended', 'spin_is_contended'], is: { lockQuery: 'contended' } },
    { c: ['yield_mmu_lock'], is: { choose: 'yield mmu_lock', forEver: false } },
    { c: ['need_resched'], is: { choose: 'need_resched' } },
  ],
  guards: [
    { c: 'mutex', enter: 'mutex_lock(x)', leave: 'mutex_unlock(x)' },
    { c: 'spinlock', enter: 'spin_lock(x)', leave: 'spin_unlock(x)' },
    { c: 'read_lock', enter: 'read_lock(x)', leave: 'read_unlock(x)' },
    { c: 'write_lock', enter: 'write_lock(x)', leave: 'write_unlock(x)' },
    { c: 'rcu', enter: 'rcu_read_lock()', leave: 'rcu_read_unlock()' },
    { c: 'srcu', enter: 'srcu_read_lock(x)', leave: 'srcu_read_unlock(x, 0)' },
  ],
  meanings: [
    // A yield is a free choice, and not one for ever.
    {
      c: ['cond_resched_rwlock_write'],
      params: ['lock'],
      means: '(yield_mmu_lock() ? (write_unlock(lock), write_lock(lock), 1) : 0)',
      first: true,
      when: { lacks: 'lists' },
    },
    // The model's, at which cost is counted.
    { c: ['cond_resched_rwlock_write'], params: ['_lock'], means: 'cond_resched_rwlock_write()', first: true, when: { has: 'lists' } },
    {
      c: ['cond_resched_rwlock_read'],
      params: ['lock'],
      means: '(yield_mmu_lock() ? (read_unlock(lock), read_lock(lock), 1) : 0)',
      first: true,
    },
    { c: ['cond_resched_lock'], params: ['lock'], means: '(yield_mmu_lock() ? (spin_unlock(lock), spin_lock(lock), 1) : 0)', first: true },
    // The one SRCU of a VM; where the machine has no sections, nobody waits for them.
    { c: ['srcu_read_lock'], params: ['_srcu'], means: '0', when: { lacks: 'srcuReaders' } },
    { c: ['srcu_read_unlock'], params: ['_srcu', '_index'], means: '(void)0', when: { lacks: 'srcuReaders' } },
    { c: ['srcu_read_lock'], params: ['_srcu'], means: '(srcu_read_lock(), 0)', first: true, when: { has: 'srcuReaders' } },
    { c: ['srcu_read_unlock'], params: ['_srcu', '_index'], means: 'srcu_read_unlock()', first: true, when: { has: 'srcuReaders' } },
    { c: ['rcu_read_lock', 'rcu_read_unlock'], params: [], means: '(void)0', when: { lacks: 'tasks' } },
    { c: ['KVM_MMU_LOCK'], params: ['kvm'], means: 'write_lock(&(kvm)->mmu_lock)' },
    { c: ['KVM_MMU_UNLOCK'], params: ['kvm'], means: 'write_unlock(&(kvm)->mmu_lock)' },
  ],
};
