/**
 * Mutual exclusion by reads and writes alone, with and without its bug.
 *
 * In: which algorithm, right or wrong. Out: toys that hold, or violate `exclusive`. Never: progress.
 */
import { flag, ref, singletonTable, staticTable, uint } from '../../compiler/machine/schema.ts';
import { always, processesOf, type Toy } from './toy.ts';

const properties: Toy['properties'] = [
  always('exclusive', 'exclusive'),
  { kind: 'reachable', id: 'used', name: 'the second thread gets in', predicate: 'secondInside' },
];

/** Peterson, 1981. Wrong: turn and wish are written in the other order. */
export function peterson(right: boolean): Toy {
  return {
    name: `Peterson, ${right ? 'right' : 'turn first'}`,
    file: 'peterson.ts',
    tables: {
      threads: staticTable(2, { wants: flag(), inside: flag() }),
      shared: singletonTable({ turn: uint(1) }),
    },
    processes: processesOf(right ? 'peterson' : 'petersonTurnFirst', 2, 'daemon', 'number'),
    properties,
  };
}

/** The filter lock for `threads` ≥ 2 threads. Wrong: a thread that has passed a gate is no longer seen by it. */
export function filterLock(threads: number, right: boolean): Toy {
  return {
    name: `filter lock, ${threads} threads, ${right ? 'right' : 'same level only'}`,
    file: 'filterLock.ts',
    tables: {
      threads: staticTable(threads, { level: uint(threads - 1), inside: flag() }),
      gates: staticTable(threads, { victim: ref('threads') }),
    },
    constants: { THREADS: threads },
    processes: processesOf(right ? 'filterLock' : 'filterLockSameLevel', threads, 'daemon', 'reference'),
    properties,
  };
}
