/**
 * Execution counts of several threads as those of one.
 *
 * In: the counters of a system. Out: sums, of measures the largest. Never: a count twice.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import type { Tallied } from '../reductions/renamed.ts';

const saturated = 0xffff_ffff;

export function counterWords(system: CompiledSystem): number {
  return columns(system).reduce((sum, { length }) => sum + length, 0);
}

/** All counters, one behind the other. */
export function copyCounters(system: CompiledSystem, target: Int32Array): void {
  let at = 0;
  for (const column of columns(system)) {
    target.set(column, at);
    at += column.length;
  }
}

/** Takes back what was counted since `copyCounters` wrote `before`. */
export function restoreCounters(system: CompiledSystem, before: Int32Array): void {
  let at = 0;
  for (const column of columns(system)) {
    column.set(before.subarray(at, at + column.length));
    at += column.length;
  }
}

/** Adds what another thread has counted in `now` beyond `taken`, and makes `taken` that. */
export function addCounters(system: CompiledSystem, now: Int32Array, taken: Int32Array): void {
  let at = 0;
  for (const column of columns(system)) {
    for (let k = 0; k < column.length; k++, at++) {
      const counted = (now[at] as number) >>> 0;
      const more = (counted - ((taken[at] as number) >>> 0)) >>> 0;
      const own = column[k] as number;
      if (column === system.worst) column[k] = Math.max(own, counted);
      else if (column === system.monitorCounts) column[k] = Math.min(own + more, saturated);
      else column[k] = own + more;
    }
  }
  taken.set(now);
}

function columns(system: CompiledSystem & Partial<Tallied>): Uint32Array[] {
  const { coverage, monitorCounts, worst, markCounts, tallies = [] } = system;
  return [coverage, monitorCounts, ...(worst === undefined ? [] : [worst]), ...(markCounts === undefined ? [] : [markCounts]), ...tallies];
}
