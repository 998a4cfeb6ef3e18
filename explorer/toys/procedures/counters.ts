/**
 * Counting, in the subset: see ../counters.ts.
 *
 * In: the machine's words. Out: procedures for the compiler. Never: run by Node.
 */
import { type bool, type Ref, type Rows, rowAt, rows, type u32 } from '../../../compiler/subset/vocabulary.ts';

const counters: Rows<'counters', { n: u32 }> = rows('counters');
declare const COUNTERS: number;
declare const MOST: number;

export function count(me: Ref<'counters'>): void {
  while (counters[me].n < MOST) {
    counters[me].n = counters[me].n + 1;
  }
}

export function allWithin(): bool {
  for (let k: u32 = 0; k < COUNTERS; k++) {
    if (counters[rowAt(counters, k)].n > MOST) return false;
  }
  return true;
}
