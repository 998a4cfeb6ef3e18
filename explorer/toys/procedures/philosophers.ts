/**
 * Dijkstra's dining philosophers, in the subset: see ../philosophers.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import { acquire, type Lock, type Rows, release, rowAt, rows, type u32 } from '../../../compiler/subset/vocabulary.ts';

const forks: Rows<'forks', { lock: Lock }> = rows('forks');
declare const SEATS: number;

/** Eats once; takes the fork of its own number first. */
export function dine(seat: u32): void {
  const left = rowAt(forks, seat);
  const right = rowAt(forks, (seat + 1) % SEATS);
  acquire(forks[left].lock);
  acquire(forks[right].lock);
  release(forks[right].lock);
  release(forks[left].lock);
}

/** As `dine`, but takes the other fork first. */
export function dineReversed(seat: u32): void {
  const left = rowAt(forks, seat);
  const right = rowAt(forks, (seat + 1) % SEATS);
  acquire(forks[right].lock);
  acquire(forks[left].lock);
  release(forks[left].lock);
  release(forks[right].lock);
}
