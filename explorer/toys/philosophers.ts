/**
 * Dining philosophers: a cycle of waiting, or none if one of them takes the forks in the other order.
 *
 * In: seats, and whether one differs. Out: toys with or without a deadlock. Never: starvation.
 */
import { mutex, staticTable } from '../../compiler/machine/schema.ts';
import { processesOf, type Toy } from './toy.ts';

/** Everybody eats once. `alike`: all take the fork of their own number first, and may wait for each other. */
export function philosophers(seats: number, alike: boolean): Toy {
  const processes = processesOf('dine', seats, 'essential', 'number');
  return {
    name: `${seats} philosophers${alike ? '' : ', one reversed'}`,
    file: 'philosophers.ts',
    tables: { forks: staticTable(seats, { lock: mutex() }) },
    constants: { SEATS: seats },
    processes: processes.map((process, seat) => (alike || seat > 0 ? process : { ...process, procedure: 'dineReversed' })),
    properties: [],
  };
}
