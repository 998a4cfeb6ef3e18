/**
 * What others can see of a procedure that runs: locks, writes, lists, rows, warnings, and calls to which properties attach hooks; in order.
 *
 * In: what the interpreter tells of each statement. Out: actions. Never: reads, locals, ghosts; a write that leaves the value as it is.
 */
import type { EventPlace, LockMode, Position, StatementEvent } from '../../compiler/index.ts';

export type Deed =
  | { readonly what: 'acquired' | 'released' | 'failed'; readonly place: EventPlace; readonly mode: LockMode | null }
  | { readonly what: 'write'; readonly place: EventPlace; readonly before: number; readonly after: number }
  | { readonly what: 'list'; readonly place: EventPlace; readonly before: readonly number[]; readonly after: readonly number[] }
  | { readonly what: 'alloc' | 'free'; readonly table: string; readonly row: number }
  | { readonly what: 'call'; readonly procedure: string; readonly args: readonly number[] | null }
  | { readonly what: 'warning' }
  /** For what is no lock. */
  | { readonly what: 'waited' };

export interface Action {
  readonly deed: Deed;
  /** Of the statement, and of the calls around it, outermost first. */
  readonly position: Position;
  readonly procedures: readonly string[];
}

/** Which calls count, by name; true: with their arguments. */
export type WatchedCalls = ReadonlyMap<string, boolean>;

/** What calls there are, and how procedures are called that are there under other names than the kernel's. */
export interface Reading {
  readonly calls: WatchedCalls;
  ownName(name: string): string;
  /** It is no code of either side: it only hands arguments over. */
  isAdapter(name: string): boolean;
}

export function actionsOf(events: readonly StatementEvent[], { calls, ownName, isAdapter }: Reading): Action[] {
  return events.flatMap((event) => {
    const { position, stack, phase } = event;
    if (phase !== 'kernel' || isAdapter(stack.at(-1)?.procedure ?? '')) return [];
    return deedsOf(event, calls, ownName).map((deed) => ({
      deed,
      position,
      procedures: stack.slice(1).map(({ procedure }) => ownName(procedure)),
    }));
  });
}

function deedsOf(
  { kind, condition, lock, writes, list, row, call, assertion }: StatementEvent,
  calls: WatchedCalls,
  ownName: (name: string) => string,
): Deed[] {
  const deeds: Deed[] = [];
  // To queue for a lock is a part of taking it: whoever does so gets it.
  if (lock !== null && lock.what !== 'queried' && lock.what !== 'announced')
    deeds.push({ what: lock.what, place: lock.place, mode: lock.mode });
  for (const { place, before, after } of writes) if (before !== after) deeds.push({ what: 'write', place, before, after });
  if (list !== null && list.before.join() !== list.after.join())
    deeds.push({ what: 'list', place: list.place, before: list.before, after: list.after });
  if (row !== null) deeds.push({ what: row.what, table: row.table, row: row.row });
  if (call !== null) {
    const name = ownName(call.procedure);
    const withArguments = calls.get(name);
    if (withArguments !== undefined)
      deeds.push({ what: 'call', procedure: name, args: withArguments ? call.args.map(({ value }) => value) : null });
  }
  if (assertion !== null && !assertion.held) deeds.push({ what: 'warning' });
  if (kind === 'wait' && condition === false) deeds.push({ what: 'waited' });
  return deeds;
}

/** Equal of deeds that nobody can tell apart. */
export function deedKey(deed: Deed): string {
  switch (deed.what) {
    case 'write':
      return `write ${placeKey(deed.place)} ${deed.before} ${deed.after}`;
    case 'list':
      return `list ${placeKey(deed.place)} ${deed.after.join()}`;
    case 'alloc':
    case 'free':
      return `${deed.what} ${deed.table} ${deed.row}`;
    case 'call':
      return `call ${deed.procedure} ${deed.args?.join() ?? ''}`;
    case 'warning':
    case 'waited':
      return deed.what;
    default:
      return `${deed.what} ${placeKey(deed.place)} ${deed.mode}`;
  }
}

function placeKey({ table, field, row, index }: EventPlace): string {
  return `${table} ${field} ${row} ${index}`;
}
