/**
 * The machine's part of a state after some events: what a trace claims to have happened, carried out. It
 * must give the state that the step gave, which is how a trace is known to leave nothing out.
 */
import {
  type CellState,
  type EventPlace,
  type LockEvent,
  type LockState,
  type MachineDescription,
  type MachineState,
  type StatementEvent,
  zeroCell,
} from '../compiler/index.ts';

/** Changes `state`, which is a private copy of the caller's. Events of `process`. */
export function applyEvent(machine: MachineDescription, state: MachineState, event: StatementEvent): void {
  for (const { place, after } of event.writes) setCell(state, machine, place, after);
  if (event.list !== null) setCell(state, machine, event.list.place, [...event.list.after]);
  if (event.lock !== null) applyLock(machine, state, event.lock, event.process);
  if (event.row === null) return;
  const { table, row, what, dangled } = event.row;
  const rows = state.allocated[table];
  if (rows !== undefined) rows[row] = what === 'alloc';
  if (what === 'free') clearRow(machine, state, table, row);
  for (const { place, before, after } of dangled) {
    const old = cellAt(state, machine, place);
    setCell(state, machine, place, Array.isArray(old) ? old.map((element) => (element === before ? after : element)) : after);
  }
}

function clearRow(machine: MachineDescription, state: MachineState, table: string, row: number): void {
  for (const field of machine.tables.find((candidate) => candidate.name === table)?.fields ?? []) {
    const length = Math.max(field.length, 1);
    const cells = state.tables[table]?.[field.path];
    for (let k = row * length; cells !== undefined && k < (row + 1) * length; k++) cells[k] = zeroCell(field.type);
  }
}

function applyLock(machine: MachineDescription, state: MachineState, { place, what, mode }: LockEvent, process: number): void {
  const lock = cellAt(state, machine, place);
  if (typeof lock === 'number' || Array.isArray(lock) || lock === undefined) return;
  setCell(state, machine, place, lockAfter(lock, what, mode === 'shared', process));
}

function lockAfter(lock: LockState, what: LockEvent['what'], shared: boolean, process: number): LockState {
  const bit = 1 << process;
  switch (what) {
    case 'acquired':
      return shared ? { ...lock, readers: lock.readers | bit } : { ...lock, writer: process + 1, waiting: lock.waiting & ~bit };
    case 'released':
      return shared ? { ...lock, readers: lock.readers & ~bit } : { ...lock, writer: 0 };
    case 'announced':
      return { ...lock, waiting: lock.waiting | bit };
    case 'failed':
    case 'queried':
      return lock;
  }
}

export function cellAt(
  state: MachineState,
  machine: MachineDescription,
  place: Pick<EventPlace, 'table' | 'field' | 'row' | 'index'>,
): CellState | undefined {
  return state.tables[place.table]?.[place.field]?.[elementOf(machine, place)];
}

function setCell(state: MachineState, machine: MachineDescription, place: EventPlace, cell: CellState): void {
  const cells = state.tables[place.table]?.[place.field];
  if (cells !== undefined) cells[elementOf(machine, place)] = cell;
}

function elementOf(
  machine: MachineDescription,
  { table, field, row, index }: Pick<EventPlace, 'table' | 'field' | 'row' | 'index'>,
): number {
  const length =
    machine.tables.find((candidate) => candidate.name === table)?.fields.find((candidate) => candidate.path === field)?.length ?? 0;
  return (row ?? 0) * Math.max(length, 1) + (index ?? 0);
}
