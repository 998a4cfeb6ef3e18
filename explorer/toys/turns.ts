/**
 * Two threads that want one lock again and again: who gets it in the end?
 *
 * In: how the first thread asks. Out: a toy with a progress property. Never: a safety property.
 */
import { flag, mutex, singletonTable, staticTable } from '../../compiler/machine/schema.ts';
import type { Toy } from './toy.ts';

/** `first`: how the first thread asks; the second one waits in the queue. */
export function turns(first: 'queues' | 'tries' | 'hesitates' | 'hesitatesFairly' | 'givesUp'): Toy {
  return {
    name: `turns, the first thread ${first}`,
    file: 'turns.ts',
    tables: { threads: staticTable(2, { waits: flag() }), door: singletonTable({ lock: mutex() }) },
    processes: [
      { name: 'first', title: 'first', procedure: first, args: [1], kind: 'essential' },
      { name: 'second', title: 'second', procedure: 'queues', args: [2], kind: 'essential' },
    ],
    properties: [{ kind: 'progress', id: 'served', name: 'the first thread is served', predicate: 'firstWaits' }],
  };
}
