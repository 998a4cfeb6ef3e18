/**
 * Reading and writing packed states: single elements of columns, and whole states as plain objects.
 *
 * In: a layout and words. Out: numbers, or a plain object a person can read. Never: speed (generated code
 * does this itself); control state (program counters, frames), which only the interpreter knows.
 */
import type { FieldType, LockType } from '../ir/types.ts';
import type { Column, FieldLayout, Layout } from './layout.ts';

/** Writer is the owner of a mutex, too: process + 1, 0 if free. `readers` and `waiting` are bit sets of processes. */
export interface LockState {
  writer: number;
  readers: number;
  waiting: number;
}
/** One element of a field: a scalar, a lock, or the elements of a list, head first. */
export type CellState = number | LockState | number[];

/** The machine's part of a state. Values are in the encoding of `ir/types.ts`. */
export interface MachineState {
  /** By table and field: element row * max(length, 1) + index. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, CellState[]>>>>;
  /** By table, for dynamic ones: which rows are allocated. */
  readonly allocated: Readonly<Record<string, boolean[]>>;
}

/** Where element `k` of a column is: its word, relative to the state, and its shift. */
function position(column: Column, k: number): { word: number; shift: number } {
  if (k < 0 || k >= column.count) throw new RangeError(`element ${k} of a column of ${column.count}`);
  if (column.perWord >= column.count) return { word: column.word, shift: column.shift + k * column.bits };
  return { word: column.word + Math.floor(k / column.perWord), shift: (k % column.perWord) * column.bits };
}

function maskOf(bits: number): number {
  return bits === 32 ? -1 : (1 << bits) - 1;
}

/** Element `k` of `column` in the state at `base`. Throws RangeError for an element that is not there. */
export function readElement(words: Int32Array, base: number, column: Column, k: number): number {
  if (column.bits === 0) return column.bias;
  const { word, shift } = position(column, k);
  const raw = ((words[base + word] ?? 0) >>> shift) & maskOf(column.bits);
  if (column.signed) return (raw << (32 - column.bits)) >> (32 - column.bits);
  return (raw >>> 0) + column.bias;
}

/** Writes element `k`. Throws RangeError if the value does not fit: nothing above may have let that happen. */
export function writeElement(words: Int32Array, base: number, column: Column, k: number, value: number): void {
  const stored = value - column.bias;
  const [low, high] = column.signed ? [-(2 ** (column.bits - 1)), 2 ** (column.bits - 1) - 1] : [0, 2 ** column.bits - 1];
  if (stored < low || stored > high || !Number.isInteger(stored)) throw new RangeError(`${value} does not fit into ${column.bits} bits`);
  if (column.bits === 0) return;
  const { word, shift } = position(column, k);
  const mask = maskOf(column.bits);
  const old = words[base + word] ?? 0;
  words[base + word] = (old & ~(mask << shift)) | ((stored & mask) << shift);
}

/** Number of elements of a field over all rows. */
export function cellCount(layout: FieldLayout): number {
  return layout.table.rows * Math.max(layout.field.length, 1);
}

/** The machine's part of the state at `base`. */
export function decodeMachine(layout: Layout, words: Int32Array, base: number): MachineState {
  const tables: Record<string, Record<string, CellState[]>> = {};
  for (const field of layout.fields.values()) {
    const table = tables[field.table.name] ?? {};
    tables[field.table.name] = table;
    table[field.field.path] = Array.from({ length: cellCount(field) }, (_, k) => decodeCell(field, words, base, k));
  }
  const allocated: Record<string, boolean[]> = {};
  for (const [name, column] of layout.allocated) {
    allocated[name] = Array.from({ length: column.count }, (_, k) => readElement(words, base, column, k) === 1);
  }
  return { tables, allocated };
}

function decodeCell(layout: FieldLayout, words: Int32Array, base: number, k: number): CellState {
  const type = layout.field.type;
  const main = readElement(words, base, layout.main, k);
  if (type.kind === 'lock')
    return { writer: main, readers: optional(layout.readers, words, base, k), waiting: optional(layout.waiting, words, base, k) };
  if (type.kind === 'list') return Array.from({ length: main }, (_, j) => optional(layout.elements, words, base, k * type.capacity + j));
  return main;
}

function optional(column: Column | null, words: Int32Array, base: number, k: number): number {
  return column === null ? 0 : readElement(words, base, column, k);
}

/** The inverse of `decodeMachine`: writes every field of `state`, and nothing else, into the words at `base`. */
export function encodeMachine(layout: Layout, state: MachineState, words: Int32Array, base: number): void {
  for (const field of layout.fields.values()) {
    const cells = state.tables[field.table.name]?.[field.field.path] ?? [];
    if (cells.length !== cellCount(field)) throw new RangeError(`${field.table.name}.${field.field.path}: ${cells.length} elements`);
    cells.forEach((cell, k) => {
      encodeCell(field, cell, words, base, k);
    });
  }
  for (const [name, column] of layout.allocated) {
    for (let k = 0; k < column.count; k++) writeElement(words, base, column, k, state.allocated[name]?.[k] === true ? 1 : 0);
  }
}

function encodeCell(layout: FieldLayout, cell: CellState, words: Int32Array, base: number, k: number): void {
  const type = layout.field.type;
  const name = `${layout.table.name}.${layout.field.path}`;
  if (type.kind === 'lock') {
    if (typeof cell === 'number' || Array.isArray(cell)) throw new TypeError(`${name} is a lock`);
    writeElement(words, base, layout.main, k, cell.writer);
    encodeOptional(layout.readers, words, base, k, cell.readers);
    encodeOptional(layout.waiting, words, base, k, cell.waiting);
  } else if (type.kind === 'list') {
    if (!Array.isArray(cell)) throw new TypeError(`${name} is a list`);
    if (cell.length > type.capacity) throw new RangeError(`${name}: ${cell.length} elements on a list of ${type.capacity}`);
    writeElement(words, base, layout.main, k, cell.length);
    for (let j = 0; j < type.capacity; j++) encodeOptional(layout.elements, words, base, k * type.capacity + j, cell[j] ?? 0);
  } else {
    if (typeof cell !== 'number') throw new TypeError(`${name} is a scalar`);
    writeElement(words, base, layout.main, k, cell);
  }
}

function encodeOptional(column: Column | null, words: Int32Array, base: number, k: number, value: number): void {
  if (column !== null) writeElement(words, base, column, k, value);
  else if (value !== 0) throw new RangeError('a value where the layout has no column');
}

/** The zero of a cell: what fields hold in the all-zero state, and in rows that were freed. */
export function zeroCell(type: FieldType): CellState {
  if (type.kind === 'lock') return { writer: 0, readers: 0, waiting: 0 };
  if (type.kind === 'list') return [];
  return type.kind === 'int' && type.min > 0 ? type.min : 0;
}

/** Whether a lock has waiting bits in the state. */
export function preferred(type: LockType): boolean {
  return type.flavour === 'rwlock' && type.writerPreference;
}
