/**
 * Processes that count, each for itself: a grid of states, with as many levels as one likes, all of them small.
 *
 * In: how many, how far. Out: a toy. Never: a step that hinders another.
 */
import { staticTable, uint } from '../../compiler/machine/schema.ts';
import { always, processesOf, type Toy } from './toy.ts';

/** `most` ≥ 1. The property reads all counters, so each step is a state. */
export function counters(processes: number, most: number): Toy {
  return {
    name: `${processes} counters to ${most}`,
    file: 'counters.ts',
    tables: { counters: staticTable(processes, { n: uint(most) }) },
    constants: { COUNTERS: processes, MOST: most },
    processes: processesOf('count', processes, 'essential', 'reference'),
    properties: [always('within', 'allWithin')],
  };
}
