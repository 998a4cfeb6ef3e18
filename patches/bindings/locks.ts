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
    { c: ['lockdep_assert_held'], is: { assertHeld: 'held' } },
    { c: ['lockdep_assert_held_write'], is: { assertHeld: 'heldExclusive' } },
    { c: ['lockdep_assert_held_read'], is: { assertHeld: 'heldShared' } },
    { c: ['rwlock_needbreak', 'spin_needbreak', 'rwlock_is_contended', 'spin_is_contended'], is: { lockQuery: 'contended' } },
    { c: ['need_resched'], is: { choose: 'need_resched' } },
  ],
  meanings: [
    { c: ['KVM_MMU_LOCK'], params: ['kvm'], means: 'write_lock(&(kvm)->mmu_lock)' },
    { c: ['KVM_MMU_UNLOCK'], params: ['kvm'], means: 'write_unlock(&(kvm)->mmu_lock)' },
  ],
};
