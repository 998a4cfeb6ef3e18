/**
 * Checking a trace against the step that it tells of: what the events say, applied to the state before,
 * must give the state after.
 *
 * In: a system with the state before at word 0 and the state after behind it, events. Out: differences. Never: a step.
 */
import type { EventPlace, StatementEvent } from '../interpret/events.ts';
import { type CellState, decodeMachine, type LockState, type MachineState, zeroCell } from '../machine/packing.ts';
import type { CompiledSystem } from '../system.ts';

export function replayed(system: CompiledSystem, events: readonly StatementEvent[]): string[] {
  const state = decodeMachine(system.layout, system.buffer, 0);
  for (const event of events) apply(system, state, event);
  const [told, real] = [state, decodeMachine(system.layout, system.buffer, system.words)].map((machine) => JSON.stringify(machine));
  return told === real ? [] : [`events tell ${told}`, `the step gives ${real}`];
}

function apply(system: CompiledSystem, state: MachineState, event: StatementEvent): void {
  for (const { place, before, after } of event.writes) set(state, place, before, after);
  if (event.list !== null) cellsOf(state, event.list.place)[at(event.list.place)] = [...event.list.after];
  if (event.lock !== null) applyLock(state, event.lock, event.process);
  if (event.row === null) return;
  const { table, row, what, dangled } = event.row;
  const rows = state.allocated[table];
  if (rows !== undefined) rows[row] = what === 'alloc';
  if (what === 'free') {
    for (const layout of system.layout.fields.values()) {
      const length = Math.max(layout.field.length, 1);
      const cells = layout.table.name === table ? state.tables[table]?.[layout.field.path] : undefined;
      for (let k = row * length; k < (row + 1) * length; k++) cells?.splice(k, 1, zeroCell(layout.field.type));
    }
  }
  for (const { place, before, after } of dangled) set(state, place, before, after);
}

function at(place: EventPlace): number {
  const length = place.index === null ? 1 : 2;
  return (place.row ?? 0) * length + (place.index ?? 0);
}
function cellsOf(state: MachineState, place: EventPlace): CellState[] {
  return state.tables[place.table]?.[place.field] ?? [];
}
function set(state: MachineState, place: EventPlace, before: number, after: number): void {
  const cells = cellsOf(state, place);
  const cell = cells[at(place)];
  if (Array.isArray(cell)) cells[at(place)] = cell.map((value) => (value === before ? after : value));
  else if (cell !== before) throw new Error(`${place.table}.${place.field}: the trace says ${before} where ${JSON.stringify(cell)} is`);
  else cells[at(place)] = after;
}

function applyLock(state: MachineState, { place, what, mode }: NonNullable<StatementEvent['lock']>, process: number): void {
  const lock = cellsOf(state, place)[at(place)] as LockState;
  const bit = 1 << process;
  if (what === 'announced') lock.waiting |= bit;
  if (what === 'released' && mode === 'exclusive') lock.writer = 0;
  if (what === 'released' && mode === 'shared') lock.readers &= ~bit;
  if (what === 'acquired' && mode === 'shared') lock.readers |= bit;
  if (what === 'acquired' && mode === 'exclusive') {
    lock.writer = process + 1;
    lock.waiting &= ~bit;
  }
}
