/**
 * Packing a machine's fields and the processes' control state into words.
 *
 * In: machine description, number of processes. Out: a `Layout`, and a packer for what comes behind the fields.
 * Never: letting a value straddle two words.
 *
 * First fit, largest first: a column that fits into a word goes into the first word with room for it; a larger
 * one gets words of its own, as many elements in each as fit.
 */
import type { FieldDescription, MachineDescription, ScalarType, TableDescription } from '../ir/types.ts';
import type { Column, FieldLayout, Layout } from './layout.ts';

/** Bits, bias and sign that the values of a type need. Booleans 1; references and pointers by their tables. */
export function widthOf(type: ScalarType, machine: MachineDescription): { bits: number; bias: number; signed: boolean } {
  switch (type.kind) {
    case 'bool':
      return { bits: 1, bias: 0, signed: false };
    case 'int':
      return widthOfRange(type.min, type.max);
    case 'ref': {
      const table = tableNamed(machine, type.table);
      // null, rows, specials, and dangling where rows can be freed.
      const values = 1 + table.rows + type.specials + (type.strong && table.dynamic ? 1 : 0);
      return { bits: bitsFor(values), bias: 0, signed: false };
    }
    case 'pointer': {
      const table = tableNamed(machine, type.table);
      const length = table.fields.find((f) => f.path === type.field)?.length ?? 0;
      return { bits: bitsFor(1 + table.rows * Math.max(length, 1) + (table.dynamic ? 1 : 0)), bias: 0, signed: false };
    }
  }
}

/** Bits for min..max. A range that starts above 0 is biased; one that starts below is stored in two's complement. */
export function widthOfRange(min: number, max: number): { bits: number; bias: number; signed: boolean } {
  if (min >= 0) return { bits: bitsFor(max + 1), bias: 0, signed: false };
  let bits = 1;
  while (bits < 32 && (-(2 ** (bits - 1)) > min || 2 ** (bits - 1) - 1 < max)) bits++;
  return { bits, bias: 0, signed: true };
}

/** Bits that tell `values` values apart; 0 for one. */
export function bitsFor(values: number): number {
  let bits = 0;
  while (2 ** bits < values) bits++;
  return bits;
}

function tableNamed(machine: MachineDescription, name: string): TableDescription {
  const table = machine.tables.find((t) => t.name === name);
  if (table === undefined) throw new Error(`the machine has no table ${name}`);
  return table;
}

/** Free bits of each word; columns are placed once and stay. */
export class Packer {
  private readonly used: number[] = [];
  bits = 0;

  get words(): number {
    return this.used.length;
  }

  /** Room for `count` values of `bits` bits. Zero bits take none: such a value is always 0. */
  place(width: { bits: number; bias: number; signed: boolean }, count: number): Column {
    const { bits, bias, signed } = width;
    this.bits += bits * count;
    if (bits === 0) return { word: 0, shift: 0, bits, count, perWord: Math.max(count, 1), bias, signed };
    if (bits * count <= 32) {
      const word = this.wordWithRoom(bits * count);
      const shift = this.used[word] ?? 0;
      this.used[word] = shift + bits * count;
      return { word, shift, bits, count, perWord: count, bias, signed };
    }
    const perWord = Math.floor(32 / bits);
    const word = this.used.length;
    for (let left = count; left > 0; left -= perWord) this.used.push(Math.min(left, perWord) * bits);
    return { word, shift: 0, bits, count, perWord, bias, signed };
  }

  private wordWithRoom(bits: number): number {
    const found = this.used.findIndex((u) => u + bits <= 32);
    if (found >= 0) return found;
    this.used.push(0);
    return this.used.length - 1;
  }
}

interface Pending {
  readonly width: { bits: number; bias: number; signed: boolean };
  readonly count: number;
  readonly done: (column: Column) => void;
}

/** The fields' part of a layout. `finish` adds the control part that was packed meanwhile. */
export interface FieldsLayout {
  readonly packer: Packer;
  readonly fields: ReadonlyMap<string, FieldLayout>;
  readonly allocated: ReadonlyMap<string, Column>;
  finish(programCounters: readonly Column[]): Layout;
}

export function layoutFields(machine: MachineDescription, processes: number): FieldsLayout {
  const pending: Pending[] = [];
  const fields = new Map<string, FieldLayout>();
  const allocated = new Map<string, Column>();
  for (const table of machine.tables) {
    for (const field of table.fields)
      describe(machine, table, field, processes, pending, (layout) => fields.set(`${table.name}.${field.path}`, layout));
    if (table.dynamic)
      pending.push({ width: { bits: 1, bias: 0, signed: false }, count: table.rows, done: (column) => allocated.set(table.name, column) });
  }
  const packer = new Packer();
  const size = (p: Pending): number => p.width.bits * p.count;
  // A stable sort, so that a layout depends on the machine only.
  for (const p of pending.toSorted((a, b) => size(b) - size(a))) p.done(packer.place(p.width, p.count));
  const bitsOfFields = packer.bits;
  return {
    packer,
    fields,
    allocated,
    finish: (programCounters) => ({
      words: Math.max(packer.words, 1),
      fields,
      allocated,
      programCounters,
      bitsOfFields,
      bitsOfControl: packer.bits - bitsOfFields,
    }),
  };
}

/** Asks for the columns of one field; `done` is called when the last of them is placed. */
function describe(
  machine: MachineDescription,
  table: TableDescription,
  field: FieldDescription,
  processes: number,
  pending: Pending[],
  done: (layout: FieldLayout) => void,
): void {
  const count = table.rows * Math.max(field.length, 1);
  const found: { main: Column | null; readers: Column | null; waiting: Column | null; elements: Column | null } = {
    main: null,
    readers: null,
    waiting: null,
    elements: null,
  };
  let missing = 0;
  const ask = (key: keyof typeof found, bits: number, elements: number, bias = 0, signed = false): void => {
    missing++;
    pending.push({
      width: { bits, bias, signed },
      count: elements,
      done: (column) => {
        found[key] = column;
        missing--;
        if (missing === 0 && found.main !== null) done({ table, field, ...found, main: found.main });
      },
    });
  };
  const { type } = field;
  if (type.kind === 'lock') {
    ask('main', bitsFor(processes + 1), count);
    if (type.flavour === 'rwlock') ask('readers', processes, count);
    if (type.writerPreference) ask('waiting', processes, count);
  } else if (type.kind === 'list') {
    ask('main', bitsFor(type.capacity + 1), count);
    ask('elements', widthOf(type.element, machine).bits, count * type.capacity);
  } else {
    const width = widthOf(type, machine);
    ask('main', width.bits, count, width.bias, width.signed);
  }
}
