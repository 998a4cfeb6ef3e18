/**
 * The machine of the TDP MMU: all tables together.
 *
 * In: bounds. Out: the description for the compiler. Never: a procedure, a search word.
 */
import { describeMachine } from '../../../compiler/machine/schema.ts';
import { costsTable } from './costs.ts';
import { memslotTables } from './memslots.ts';
import { pagesTable } from './pages.ts';
import type { RootBounds } from './rootBounds.ts';
import { tasksTable } from './tasks.ts';
import { vcpusTable } from './vcpus.ts';
import { vmTable } from './vm.ts';

export { tdpConstantsOf } from './constants.ts';

/** The machine as the compiler wants it. */
export function tdpMachineOf(bounds: RootBounds) {
  const tables = { vm: vmTable(bounds), vcpus: vcpusTable(bounds), tasks: tasksTable(bounds), pages: pagesTable(bounds) };
  const more = {
    ...(bounds.costs === true ? { costs: costsTable(bounds) } : {}),
    ...(bounds.memslots === true ? memslotTables(bounds) : {}),
  };
  return describeMachine({ ...tables, ...more });
}
