/**
 * What of a way through a procedure is held against the other side's: its actions and its end, without what need not be compared.
 *
 * In: actions, runs, declared differences. Out: actions, keys of them. Never: two sides.
 */
import { type CellState, isLock, type LoneRun } from '../../compiler/index.ts';
import type { Abstraction } from './abstractions.ts';
import { type Action, type Deed, deedKey } from './actions.ts';
import type { Judge } from './judge.ts';

/** Without what need not be compared. */
export function viewed(actions: readonly Action[], abstractions: readonly Abstraction[]): readonly Action[] {
  return abstractions.reduce<readonly Action[]>((seen, { functions, leaves }) => {
    const inside = (one: Action): boolean => isInside(one, functions);
    switch (leaves.what) {
      case 'writes':
        return seen.filter((one) => !inside(one) || !leaves.fields.includes(fieldOf(one.deed) ?? ''));
      case 'locks':
        return seen.filter((one) => !inside(one) || !leaves.fields.includes(lockOf(one.deed) ?? ''));
      case 'calls':
        return seen.filter((one) => !inside(one) || one.deed.what !== 'call' || !leaves.procedures.includes(one.deed.procedure));
      case 'sections':
        return withoutPairs(seen, ['acquired', 'released'], (one) => inside(one) && leaves.fields.includes(lockOf(one.deed) ?? ''));
      case 'order':
        return inOneOrder(seen, (one) => inside(one) && leaves.fields.includes(fieldOf(one.deed) ?? ''));
      default:
        return seen;
    }
  }, actions);
}

export function isInside({ procedures }: Action, functions: readonly string[]): boolean {
  return procedures.some((name) => functions.includes(name));
}

type PairOfDeeds = readonly ['acquired' | 'released', 'acquired' | 'released'];

/** Whether these two things are done to one lock in the same mode. */
export function isPair(one: Action, next: Action, [first, second]: PairOfDeeds, counts: (action: Action) => boolean): boolean {
  if (one.deed.what !== first || next.deed.what !== second || !counts(one) || !counts(next)) return false;
  return one.deed.mode === next.deed.mode && lockOf(one.deed) === lockOf(next.deed);
}

function withoutPairs(actions: readonly Action[], pair: PairOfDeeds, counts: (action: Action) => boolean): Action[] {
  const left: Action[] = [];
  for (const action of actions) {
    const last = left.at(-1);
    if (last !== undefined && isPair(last, action, pair, counts)) left.pop();
    else left.push(action);
  }
  return left;
}

/** Of actions that follow each other and whose order does not count, the order of their keys. */
function inOneOrder(actions: readonly Action[], counts: (action: Action) => boolean): Action[] {
  const ordered: Action[] = [];
  let run: Action[] = [];
  const close = (): void => {
    ordered.push(...run.sort((a, b) => (deedKey(a.deed) < deedKey(b.deed) ? -1 : 1)));
    run = [];
  };
  for (const action of actions) {
    if (counts(action)) run.push(action);
    else {
      close();
      ordered.push(action);
    }
  }
  close();
  return ordered;
}

export function lockOf(deed: Deed): string | null {
  return 'mode' in deed ? `${deed.place.table}.${deed.place.field}` : null;
}

function fieldOf(deed: Deed): string | null {
  return deed.what === 'write' || deed.what === 'list' ? `${deed.place.table}.${deed.place.field}` : null;
}

/** Equal of runs that end in the same way, in states of the machine that nobody can tell apart. */
export function endKey({ end, fault, value, left, machine }: LoneRun, { name, abstractions, params, process }: Judge): string {
  const own = abstractions.flatMap(({ functions, leaves }) => (functions.includes(name) ? [leaves] : []));
  const unseen = own.flatMap((one) => (one.what === 'parameters' ? one.names : []));
  const back = left.filter((_, k) => !unseen.includes(params[k] ?? ''));
  const how = `${end} ${fault?.kind ?? ''} ${value ?? ''} ${back.join()}`;
  // Where it does not come back, what it has done is among the actions.
  if (end !== 'returned') return how;
  const ignored = abstractions.flatMap(({ leaves }) => (leaves.what === 'writes' ? leaves.fields : []));
  const tables = Object.entries(machine.tables).map(([table, fields]) =>
    Object.entries(fields).flatMap(([field, cells]) =>
      ignored.includes(`${table}.${field}`) ? [] : [cells.map((cell) => ownPart(cell, process))],
    ),
  );
  return `${how} ${JSON.stringify([tables, machine.allocated])}`;
}

/** Of a lock what the process that ran has of it: what others have changes only where it waits for them, and that is among the actions. */
function ownPart(cell: CellState, process: number): unknown {
  if (!isLock(cell)) return cell;
  return [cell.writer === process + 1, (cell.readers >> process) & 1, (cell.waiting >> process) & 1];
}

/** The limit that a run came to; null: none. */
export function limitOf(run: LoneRun): string | null {
  if (run.fault?.kind === 'bound') return `bound ${run.fault.message} exceeded`;
  if (run.end === 'endless') return 'it runs more statements than are tried';
  if (run.end === 'blocked') return 'it waits for others more often than is tried';
  return null;
}

/** Actions that both have first. */
export function commonOf(a: readonly Action[], b: readonly Action[]): number {
  const keys = b.map(({ deed }) => deedKey(deed));
  const at = a.findIndex(({ deed }, k) => deedKey(deed) !== keys[k]);
  return at < 0 ? a.length : at;
}
