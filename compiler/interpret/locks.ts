/**
 * Locks: what an acquire, try, release or query does to the state of one lock.
 *
 * In: a lock's state and the process. Out: whether it went, and the changed state. Never: where a step ends.
 */
import type { LockMode, LockQuery, LockType } from '../ir/types.ts';
import { type LockState, preferred } from '../machine/packing.ts';
import { FaultSignal } from './values.ts';

function bit(process: number): number {
  return 1 << process;
}

export function holdsExclusive(lock: LockState, process: number): boolean {
  return lock.writer === process + 1;
}
export function holdsShared(lock: LockState, process: number): boolean {
  return (lock.readers & bit(process)) !== 0;
}

function available(lock: LockState, mode: LockMode): boolean {
  if (mode === 'exclusive') return lock.writer === 0 && lock.readers === 0;
  return lock.writer === 0 && lock.waiting === 0;
}

function take(lock: LockState, mode: LockMode, process: number): void {
  if (mode === 'shared') {
    lock.readers |= bit(process);
    return;
  }
  lock.writer = process + 1;
  lock.waiting &= ~bit(process);
}

/** `announced`: the waiting bit was set, the process stays where it is. `blocked`: nothing changed. */
export function acquire(type: LockType, lock: LockState, mode: LockMode, process: number): 'acquired' | 'announced' | 'blocked' {
  if (holdsExclusive(lock, process) || holdsShared(lock, process)) throw new FaultSignal('selfDeadlock', 'acquires a lock that it holds');
  if (available(lock, mode)) {
    take(lock, mode, process);
    return 'acquired';
  }
  if (mode === 'shared' || !preferred(type) || (lock.waiting & bit(process)) !== 0) return 'blocked';
  lock.waiting |= bit(process);
  return 'announced';
}

export function tryAcquire(lock: LockState, mode: LockMode, process: number): boolean {
  if (holdsExclusive(lock, process) || holdsShared(lock, process) || !available(lock, mode)) return false;
  take(lock, mode, process);
  return true;
}

/** Throws FaultSignal if the process does not hold the lock in that mode. */
export function release(lock: LockState, mode: LockMode, process: number): void {
  const held = mode === 'exclusive' ? holdsExclusive(lock, process) : holdsShared(lock, process);
  if (!held) throw new FaultSignal('notHeld', 'releases a lock that it does not hold');
  if (mode === 'exclusive') lock.writer = 0;
  else lock.readers &= ~bit(process);
}

/** All others have had it and let go of it, and nobody of them is after it. */
export function othersLetGo(lock: LockState, process: number): void {
  if (!holdsExclusive(lock, process)) lock.writer = 0;
  lock.readers &= bit(process);
  lock.waiting &= bit(process);
}

export function queryLock(lock: LockState, query: LockQuery, process: number): boolean {
  switch (query) {
    case 'contended':
      return (lock.waiting & ~bit(process)) !== 0 || (lock.writer !== 0 && lock.writer !== process + 1);
    case 'heldExclusive':
      return holdsExclusive(lock, process);
    case 'heldShared':
      return holdsShared(lock, process);
    case 'held':
      return holdsExclusive(lock, process) || holdsShared(lock, process);
  }
}

/** Processes that keep `process` from acquiring now, as a bit set; 0 if nobody does. */
export function blockers(lock: LockState, mode: LockMode, process: number): number {
  if (available(lock, mode)) return 0;
  const writer = lock.writer === 0 ? 0 : bit(lock.writer - 1);
  const others = mode === 'exclusive' ? lock.readers : lock.waiting;
  return (writer | others) & ~bit(process);
}
