/**
 * One state as plain values with their names: what pictures, explanations and the list of cells are made of.
 */

import type { CellState, FieldDescription, MachineDescription, MachineState, TableDescription } from '../compiler/index.ts';
import { canonicalPlace, canonicalRow } from './names.ts';
import type { Names, PlaceId, StateView } from './naming.ts';
import { type TraceCell, type TraceValue, traceLimits } from './schema.ts';

export function viewOf(machine: MachineDescription, state: MachineState, names: Names): StateView {
  const cell = (table: string, field: string, row = 0, index = 0): { description: FieldDescription; cell: CellState } => {
    const description = machine.tables.find((candidate) => candidate.name === table)?.fields.find((candidate) => candidate.path === field);
    const value = description === undefined ? undefined : state.tables[table]?.[field]?.[row * Math.max(description.length, 1) + index];
    if (description === undefined || value === undefined) throw new RangeError(`no ${canonicalPlace({ table, field, row, index })}`);
    return { description, cell: value };
  };
  return {
    names,
    machine,
    number: (table, field, row, index) => {
      const value = cell(table, field, row, index).cell;
      if (typeof value !== 'number') throw new RangeError(`${table}.${field} is not a scalar`);
      return value;
    },
    list: (table, field, row) => {
      const value = cell(table, field, row).cell;
      if (!Array.isArray(value)) throw new RangeError(`${table}.${field} is not a list`);
      return value;
    },
    lock: (table, field, row) => {
      const value = cell(table, field, row).cell;
      if (typeof value === 'number' || Array.isArray(value)) throw new RangeError(`${table}.${field} is not a lock`);
      return value;
    },
    spelled: (table, field, row, index) => {
      const found = cell(table, field, row, index);
      return names.value(found.description.type, found.cell, `${table}.${field}`).display;
    },
    exists: (table, row) => state.allocated[table]?.[row] ?? true,
  };
}

export interface Cell {
  readonly id: PlaceId;
  readonly table: TableDescription;
  readonly field: FieldDescription;
  readonly cell: CellState;
}

/** Every element of every field, in the order of the machine. */
export function cellsOf(machine: MachineDescription, state: MachineState): Cell[] {
  return machine.tables.flatMap((table) =>
    table.fields.flatMap((field) =>
      (state.tables[table.name]?.[field.path] ?? []).map((cell, k) => {
        const length = Math.max(field.length, 1);
        const id = {
          table: table.name,
          field: field.path,
          row: table.singleton ? null : Math.floor(k / length),
          index: field.length === 0 ? null : k % length,
        };
        return { id, table, field, cell };
      }),
    ),
  );
}

/** The state as a trace keeps it: rows that exist, and places that are not zero. */
export function traceCells(machine: MachineDescription, state: MachineState, names: Names): TraceCell[] {
  const rows = machine.tables.flatMap((table) =>
    (state.allocated[table.name] ?? []).flatMap((exists, row) =>
      exists ? [{ place: canonicalRow(table.name, row), name: names.row(table.name, row), value: { raw: 1, display: 'exists' } }] : [],
    ),
  );
  const cells = cellsOf(machine, state)
    .filter(({ cell }) => !isZero(cell))
    .map(({ id, field, cell }) => ({ place: canonicalPlace(id), name: names.place(id), value: spellCell(names, id, field, cell) }));
  return [...rows, ...cells].slice(0, traceLimits.cells);
}

function spellCell(names: Names, id: PlaceId, field: FieldDescription, cell: CellState): TraceValue {
  return names.value(field.type, cell, `${id.table}.${id.field}`);
}

function isZero(cell: CellState): boolean {
  if (typeof cell === 'number') return cell === 0;
  return Array.isArray(cell) ? cell.length === 0 : cell.writer === 0 && cell.readers === 0 && cell.waiting === 0;
}
