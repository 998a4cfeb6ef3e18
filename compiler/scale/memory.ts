/**
 * One machine state at true scale: a typed array a field, one element a value, changed in place.
 *
 * In: a machine description. Out: columns, lists, locks, allocated rows. Never: ghost fields, which only watch.
 *
 * References to a freed row do not become dangling: that would take a search of the whole state. Using a free row is a
 * fault here, too; using a row that was given out again is not seen. Check bounds are where that is searched for.
 */

import type { FieldDescription, FieldType, LockMode, LockQuery, MachineDescription, ScalarType, TableDescription } from '../ir/types.ts';
import type { CellState, MachineState } from '../machine/packing.ts';
import type { Column } from './column.ts';
import { fault } from './fault.ts';
import { LinkedLists } from './linkedLists.ts';
import { RowIndex } from './rowIndex.ts';

/** Told when a lock is taken or let go of. */
export type LockListener = (lock: string, what: 'acquired' | 'released') => void;

/** Locks of one field. Calls run one after the other, so that a lock has one holder at most, whatever its mode. */
export class Locks {
  readonly #name: string;
  readonly #holders: Uint32Array;
  readonly #shared: Uint8Array;
  readonly #told: LockListener;

  constructor(name: string, count: number, told: LockListener) {
    this.#name = name;
    this.#holders = new Uint32Array(count);
    this.#shared = new Uint8Array(count);
    this.#told = told;
  }
  acquire(k: number, mode: LockMode, process: number): void {
    if (this.#holders[k] !== 0) fault(`${this.#name} is taken already`);
    this.#holders[k] = process + 1;
    this.#shared[k] = mode === 'shared' ? 1 : 0;
    this.#told(this.#name, 'acquired');
  }
  tryAcquire(k: number, mode: LockMode, process: number): number {
    if (this.#holders[k] !== 0) return 0;
    this.acquire(k, mode, process);
    return 1;
  }
  release(k: number, mode: LockMode, process: number): void {
    if (this.held(k, mode === 'shared' ? 'heldShared' : 'heldExclusive', process) === 0)
      fault(`releases ${this.#name}, which it does not hold`);
    this.#holders[k] = 0;
    this.#told(this.#name, 'released');
  }
  held(k: number, query: Exclude<LockQuery, 'contended'>, process: number): number {
    if (this.#holders[k] !== process + 1) return 0;
    if (query === 'held') return 1;
    return (this.#shared[k] === 1) === (query === 'heldShared') ? 1 : 0;
  }
  state(k: number): CellState {
    const holder = this.#holders[k] ?? 0;
    if (this.#shared[k] === 1 && holder !== 0) return { writer: 0, readers: 1 << (holder - 1), waiting: 0 };
    return { writer: holder, readers: 0, waiting: 0 };
  }
}

/** By `table.field`. */
export interface FieldMemory {
  readonly table: TableDescription;
  readonly field: FieldDescription;
  /** Elements of one row. */
  readonly length: number;
  readonly cells: Column | LinkedLists | Locks;
}

export class ScaleMemory {
  readonly fields: ReadonlyMap<string, FieldMemory>;
  /** By dynamic table: 1 where a row is allocated. */
  readonly allocated: ReadonlyMap<string, Uint8Array>;
  readonly #indexes = new Map<string, Map<string, RowIndex>>();
  readonly #lowest = new Map<string, number>();
  readonly #inUse = new Map<string, number>();

  constructor(machine: MachineDescription, told: LockListener) {
    const tables = new Map(machine.tables.map((table) => [table.name, table]));
    this.fields = new Map(
      machine.tables.flatMap((table) =>
        table.fields
          .filter(({ ghost }) => !ghost)
          .map((field) => [`${table.name}.${field.path}`, fieldMemory(tables, table, field, told)] as const),
      ),
    );
    this.allocated = new Map(machine.tables.filter(({ dynamic }) => dynamic).map(({ name, rows }) => [name, new Uint8Array(rows)]));
  }

  /** Lowest free row, from 0: the same one that the interpreter takes. */
  alloc(table: string): number {
    const rows = this.#rowsOf(table);
    const row = rows.indexOf(0, this.#lowest.get(table) ?? 0);
    if (row < 0) fault(`bound rows of ${table} exceeded`);
    rows[row] = 1;
    for (const index of this.#indexes.get(table)?.values() ?? []) index.add(row);
    this.#lowest.set(table, row + 1);
    this.#inUse.set(table, this.rowsInUse(table) + 1);
    return row;
  }
  /** All its fields become zero. */
  free(table: string, row: number): void {
    const rows = this.#rowsOf(table);
    if (rows[row] !== 1) fault(`frees a row of ${table} that is free`);
    rows[row] = 0;
    for (const index of this.#indexes.get(table)?.values() ?? []) index.remove(row);
    this.#lowest.set(table, Math.min(row, this.#lowest.get(table) ?? 0));
    this.#inUse.set(table, this.rowsInUse(table) - 1);
    for (const { table: owner, length, cells } of this.fields.values()) {
      if (owner.name !== table) continue;
      if (cells instanceof LinkedLists) for (let i = 0; i < length; i++) cells.clear(row * length + i);
      else if (!(cells instanceof Locks)) cells.fill(0, row * length, (row + 1) * length);
    }
  }
  rowsInUse(table: string): number {
    return this.#inUse.get(table) ?? 0;
  }

  /** Allocated rows by a field of theirs, from now on; all must be free yet, and whoever writes the field has to use it. */
  index(table: string, path: string): RowIndex {
    const ofTable = this.#indexes.get(table) ?? new Map<string, RowIndex>();
    this.#indexes.set(table, ofTable);
    const index = ofTable.get(path) ?? new RowIndex(this.column(table, path));
    ofTable.set(path, index);
    return index;
  }

  /** A field of numbers. Element k is row * length + index. */
  column(table: string, path: string): Column {
    const cells = this.fields.get(`${table}.${path}`)?.cells;
    if (cells === undefined || cells instanceof LinkedLists || cells instanceof Locks) throw new RangeError(`no numbers: ${table}.${path}`);
    return cells;
  }
  lists(table: string, path: string): LinkedLists {
    const cells = this.fields.get(`${table}.${path}`)?.cells;
    if (!(cells instanceof LinkedLists)) throw new RangeError(`no lists: ${table}.${path}`);
    return cells;
  }

  /** As plain values, without ghost fields: for comparing small machines. */
  state(): MachineState {
    const tables: Record<string, Record<string, CellState[]>> = {};
    for (const { table, field, length, cells } of this.fields.values()) {
      const count = table.rows * length;
      const row = tables[table.name] ?? {};
      tables[table.name] = row;
      row[field.path] = Array.from({ length: count }, (_, k): CellState => {
        if (cells instanceof LinkedLists) return cells.elements(k);
        return cells instanceof Locks ? cells.state(k) : (cells[k] ?? 0);
      });
    }
    return {
      tables,
      allocated: Object.fromEntries([...this.allocated].map(([name, rows]) => [name, Array.from(rows, (bit) => bit === 1)])),
    };
  }

  #rowsOf(table: string): Uint8Array {
    const rows = this.allocated.get(table);
    if (rows === undefined) throw new RangeError(`${table} is not dynamic`);
    return rows;
  }
}

function fieldMemory(
  tables: ReadonlyMap<string, TableDescription>,
  table: TableDescription,
  field: FieldDescription,
  told: LockListener,
): FieldMemory {
  const length = Math.max(field.length, 1);
  const name = `${table.name}.${field.path}`;
  return { table, field, length, cells: cellsOf(tables, name, field.type, table.rows * length, told) };
}

function cellsOf(tables: ReadonlyMap<string, TableDescription>, name: string, type: FieldType, count: number, told: LockListener) {
  if (type.kind === 'lock') return new Locks(name, count, told);
  if (type.kind === 'list') return new LinkedLists(name, count, largest(tables, type.element), type.capacity);
  if (type.kind === 'int' && type.min < 0) return new Int32Array(count);
  const max = largest(tables, type);
  if (max > 0xffff_ffff) throw new RangeError(`${name}: values up to ${max} do not fit into 32 bits`);
  return max <= 0xff ? new Uint8Array(count) : max <= 0xffff ? new Uint16Array(count) : new Uint32Array(count);
}

function largest(tables: ReadonlyMap<string, TableDescription>, type: ScalarType): number {
  if (type.kind === 'bool') return 1;
  if (type.kind === 'int') return type.max;
  const table = tables.get(type.table);
  if (table === undefined) throw new RangeError(`no table ${type.table}`);
  if (type.kind === 'ref') return table.rows + type.specials;
  return table.rows * Math.max(table.fields.find(({ path }) => path === type.field)?.length ?? 0, 1);
}
