/**
 * The filter lock, Peterson's algorithm for more threads, in the subset: see ../mutualExclusion.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import { type bool, type Ref, type Rows, rowAt, rows, type u32, wait } from '../../../compiler/subset/vocabulary.ts';

type Thread = Ref<'threads'>;
const threads: Rows<'threads', { level: u32; inside: bool }> = rows('threads');
const gates: Rows<'gates', { victim: Thread }> = rows('gates');
declare const THREADS: number;

export function filterLock(me: Thread): void {
  while (true) {
    for (let level: u32 = 1; level < THREADS; level++) {
      threads[me].level = level;
      gates[rowAt(gates, level)].victim = me;
      wait(mayPass(me, level));
    }
    criticalSection(me);
    threads[me].level = 0;
  }
}

/** The mistake: it looks only whether somebody is at the same level, not at a higher one. */
export function filterLockSameLevel(me: Thread): void {
  while (true) {
    for (let level: u32 = 1; level < THREADS; level++) {
      threads[me].level = level;
      gates[rowAt(gates, level)].victim = me;
      wait(mayPassSameLevel(me, level));
    }
    criticalSection(me);
    threads[me].level = 0;
  }
}

function mayPass(me: Thread, level: u32): bool {
  if (gates[rowAt(gates, level)].victim !== me) return true;
  for (let k: u32 = 0; k < THREADS; k++) {
    const other = rowAt(threads, k);
    if (other !== me && threads[other].level >= level) return false;
  }
  return true;
}

function mayPassSameLevel(me: Thread, level: u32): bool {
  if (gates[rowAt(gates, level)].victim !== me) return true;
  for (let k: u32 = 0; k < THREADS; k++) {
    const other = rowAt(threads, k);
    if (other !== me && threads[other].level === level) return false;
  }
  return true;
}

function criticalSection(me: Thread): void {
  threads[me].inside = true;
  threads[me].inside = false;
}

export function exclusive(): bool {
  let count: u32 = 0;
  for (let k: u32 = 0; k < THREADS; k++) {
    if (threads[rowAt(threads, k)].inside) count += 1;
  }
  return count <= 1;
}

export function secondInside(): bool {
  return threads[rowAt(threads, 1)].inside;
}
