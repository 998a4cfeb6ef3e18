/**
 * The machine of one state: finding places, reading and writing them, rows that come and go.
 *
 * In: a `World`, places with their operands. Out: cells. Never: control flow.
 */
import type { MachineDescription, Place, PointerType, RefType } from '../ir/types.ts';
import type { FieldLayout, Layout } from '../machine/layout.ts';
import { type CellState, type LockState, zeroCell } from '../machine/packing.ts';
import type { EventPlace, WriteEvent } from './events.ts';
import { bring, danglingOf, type Environment, evaluate, FaultSignal, placeOfPointer, refersTo, rowOfRef, type Shape } from './values.ts';
import type { Frame, World } from './world.ts';

/** A place that was found and is alive. */
export interface Located {
  readonly layout: FieldLayout;
  readonly row: number;
  readonly index: number;
  /** All elements of the field, and which one is meant. */
  readonly cells: CellState[];
  readonly k: number;
}

export function shapeOf(machine: MachineDescription): Shape {
  const tables = new Map(machine.tables.map((table) => [table.name, table]));
  const named = (name: string) => {
    const found = tables.get(name);
    if (found === undefined) throw new RangeError(`no table ${name}`);
    return found;
  };
  return {
    rows: (table) => named(table).rows,
    dynamic: (table) => named(table).dynamic,
    length: (table, field) => Math.max(named(table).fields.find(({ path }) => path === field)?.length ?? 0, 1),
  };
}

function fieldLayout(layout: Layout, table: string, field: string): FieldLayout {
  const found = layout.fields.get(`${table}.${field}`);
  if (found === undefined) throw new RangeError(`no field ${table}.${field}`);
  return found;
}

export class Memory {
  readonly world: World;
  readonly layout: Layout;
  readonly shape: Shape;
  /** Frames of whole specs that run now: their references dangle, too. */
  readonly wholeFrames: Frame[] = [];

  constructor(world: World, layout: Layout, shape: Shape) {
    this.world = world;
    this.layout = layout;
    this.shape = shape;
  }

  /** Throws FaultSignal if the place is not there: null, dangling, outside the array, a free row. */
  locate(place: Place, env: Environment): Located {
    const layout = fieldLayout(this.layout, place.table, place.field);
    const { row, index } = this.#rowAndIndex(place, env, layout);
    if (!this.isAllocated(place.table, row)) throw new FaultSignal('useAfterFree', `row ${row} of ${place.table} is free`);
    const cells = this.world.machine.tables[place.table]?.[place.field];
    if (cells === undefined) throw new RangeError(`no field ${place.table}.${place.field}`);
    return { layout, row, index, cells, k: row * Math.max(layout.field.length, 1) + index };
  }

  #rowAndIndex(place: Place, env: Environment, layout: FieldLayout): { row: number; index: number } {
    if (place.kind === 'pointer') {
      const type = place.pointer.type;
      if (type.kind !== 'pointer') throw new TypeError('a pointer place needs a pointer');
      return placeOfPointer(type, evaluate(place.pointer, env), this.shape);
    }
    let row = 0;
    if (place.row !== null) {
      const type = place.row.type;
      if (type.kind !== 'ref') throw new TypeError(`${place.table}.${place.field}: the row must be a reference`);
      row = rowOfRef(type, evaluate(place.row, env), this.shape);
    }
    const index = place.index === null ? 0 : evaluate(place.index, env);
    if (index < 0 || index >= Math.max(layout.field.length, 1))
      throw new FaultSignal('badIndex', `${place.table}.${place.field}[${index}]`);
    return { row, index };
  }

  isAllocated(table: string, row: number): boolean {
    return this.world.machine.allocated[table]?.[row] ?? true;
  }

  /** Lowest free row, or null. */
  alloc(table: string): number | null {
    const rows = this.world.machine.allocated[table];
    if (rows === undefined) throw new RangeError(`${table} is not dynamic`);
    const row = rows.indexOf(false);
    if (row < 0) return null;
    rows[row] = true;
    return row;
  }

  /** The row becomes free and zero, and every strong reference to it dangles. Gives the fields of other rows that changed so. */
  free(table: string, row: number): WriteEvent[] {
    const rows = this.world.machine.allocated[table];
    if (rows === undefined) throw new RangeError(`${table} is not dynamic`);
    rows[row] = false;
    for (const [path, cells] of Object.entries(this.world.machine.tables[table] ?? {})) {
      const layout = fieldLayout(this.layout, table, path);
      const length = Math.max(layout.field.length, 1);
      for (let k = row * length; k < (row + 1) * length; k++) cells[k] = zeroCell(layout.field.type);
    }
    for (const frame of [...this.world.stacks.flat(), ...this.wholeFrames]) this.#dangleLocals(frame, table, row);
    return [...this.layout.fields.values()].flatMap((layout) => this.#dangleField(layout, table, row));
  }

  #dangleLocals(frame: Frame, table: string, row: number): void {
    for (const [name, value] of frame.locals) {
      const type = frame.spec.locals.get(name);
      if (type?.kind === 'ref' || type?.kind === 'pointer') frame.locals.set(name, this.#dangled(type, value, table, row));
    }
  }

  #dangled(type: RefType | PointerType, value: number, table: string, row: number): number {
    const dangling = danglingOf(type, this.shape);
    return type.table === table && dangling !== null && refersTo(type, value, row, this.shape) ? dangling : value;
  }

  #dangleField(layout: FieldLayout, table: string, row: number): WriteEvent[] {
    const fieldType = layout.field.type;
    const type = fieldType.kind === 'list' ? fieldType.element : fieldType;
    if (type.kind !== 'ref' && type.kind !== 'pointer') return [];
    const cells = this.world.machine.tables[layout.table.name]?.[layout.field.path] ?? [];
    const writes: WriteEvent[] = [];
    const length = Math.max(layout.field.length, 1);
    const place = (k: number) => eventPlace({ layout, row: Math.floor(k / length), index: k % length });
    cells.forEach((cell, k) => {
      const before = typeof cell === 'number' ? [cell] : Array.isArray(cell) ? cell : [];
      const after = before.map((value) => this.#dangled(type, value, table, row));
      before.forEach((value, j) => {
        const now = after[j] ?? value;
        if (now !== value) writes.push({ place: place(k), before: value, after: now });
      });
      cells[k] = typeof cell === 'number' ? (after[0] ?? cell) : after;
    });
    return writes;
  }
}

export function eventPlace(located: Pick<Located, 'layout' | 'row' | 'index'>): EventPlace {
  const { table, field } = located.layout;
  return {
    table: table.name,
    field: field.path,
    row: table.singleton ? null : located.row,
    index: field.length === 0 ? null : located.index,
    type: field.type,
  };
}

export function readScalar(located: Located): number {
  const cell = located.cells[located.k];
  if (typeof cell !== 'number') throw new TypeError(`${located.layout.field.path} is not a scalar`);
  return cell;
}
/** Brings `exact` into the field's type, writes it, and gives what was written. */
export function writeScalar(located: Located, exact: bigint | number): number {
  const type = located.layout.field.type;
  if (type.kind === 'lock' || type.kind === 'list') throw new TypeError(`${located.layout.field.path} is not a scalar`);
  const value = bring(type, exact);
  located.cells[located.k] = value;
  return value;
}
export function lockAt(located: Located): LockState {
  const cell = located.cells[located.k];
  if (typeof cell !== 'object' || Array.isArray(cell)) throw new TypeError(`${located.layout.field.path} is not a lock`);
  return cell;
}
export function listAt(located: Located): number[] {
  const cell = located.cells[located.k];
  if (!Array.isArray(cell)) throw new TypeError(`${located.layout.field.path} is not a list`);
  return cell;
}
