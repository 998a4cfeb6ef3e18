/**
 * Two threads at one lock, in the subset: see ../turns.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import {
  acquire,
  type bool,
  chooseBool,
  chooseFair,
  type Lock,
  type Ref,
  type Rows,
  release,
  rowAt,
  rows,
  singleton,
  tryAcquire,
} from '../../../compiler/subset/vocabulary.ts';

const threads: Rows<'threads', { waits: bool }> = rows('threads');
const door = singleton<{ lock: Lock }>('door');

/** Waits in the lock's queue. */
export function queues(me: Ref<'threads'>): void {
  while (true) {
    threads[me].waits = true;
    acquire(door.lock);
    threads[me].waits = false;
    release(door.lock);
  }
}

/** Tries, and tries again: nobody owes it a free lock at that moment. */
export function tries(me: Ref<'threads'>): void {
  while (true) {
    threads[me].waits = true;
    while (!tryAcquire(door.lock)) {}
    threads[me].waits = false;
    release(door.lock);
  }
}

/** Goes back into the queue as often as it likes. */
export function hesitates(me: Ref<'threads'>): void {
  while (true) {
    threads[me].waits = true;
    while (chooseBool('hesitates')) {
      acquire(door.lock);
      release(door.lock);
    }
    acquire(door.lock);
    threads[me].waits = false;
    release(door.lock);
  }
}

/** The same, but not for ever. */
export function hesitatesFairly(me: Ref<'threads'>): void {
  while (true) {
    threads[me].waits = true;
    while (chooseFair('hesitates')) {
      acquire(door.lock);
      release(door.lock);
    }
    acquire(door.lock);
    threads[me].waits = false;
    release(door.lock);
  }
}

/** Ends while it still waits. */
export function givesUp(me: Ref<'threads'>): void {
  threads[me].waits = true;
}

export function firstWaits(): bool {
  return threads[rowAt(threads, 0)].waits;
}
