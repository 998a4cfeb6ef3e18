/**
 * The machine: all tables together.
 *
 * In: bounds. Out: the schema of each table, the description for the compiler, names of the tables for
 * procedures. Never: a procedure, a search word.
 */
import { describeMachine } from '../../compiler/machine/schema.ts';
import type { Bounds } from './bounds.ts';
import { framesTable } from './frames.ts';
import { listsTable } from './lists.ts';
import { memslotTable } from './memslot.ts';
import { mmusTable } from './mmus.ts';
import { pagesTable } from './pages.ts';
import { rmapsTable } from './rmaps.ts';
import { vcpusTable } from './vcpus.ts';
import { vmTable } from './vm.ts';

export type { Bounds } from './bounds.ts';
export { constantsOf, listNumbers, type ModelOptions, requestFlags, requestNumbers } from './constants.ts';

/** The zod schema of each table, by name, in the order of the layout. */
export function tablesOf(bounds: Bounds) {
  return {
    vm: vmTable(bounds),
    vcpus: vcpusTable(bounds),
    mmus: mmusTable(bounds),
    pages: pagesTable(bounds),
    lists: listsTable(bounds),
    frames: framesTable(bounds),
    rmaps: rmapsTable(bounds),
  };
}
/** The machine as the compiler wants it. */
export function machineOf(bounds: Bounds) {
  return describeMachine({ ...tablesOf(bounds), ...(bounds.memslots === true ? { memslot: memslotTable() } : {}) });
}
