/**
 * Allocated rows of a table by the value of one field: hash chains.
 *
 * In: rows that come, go and change. Out: the first row from some row on that has a value. Never: a row that is free; a change of
 * the field by somebody else, of which it would not know.
 */
import type { Column } from './column.ts';

export class RowIndex {
  readonly #column: Column;
  readonly #shift: number;
  /** Row + 1, in all four; 0: none. */
  readonly #first: Uint32Array;
  readonly #next: Uint32Array;
  readonly #previous: Uint32Array;
  readonly #rows: number;

  /** `column` holds one element a row. */
  constructor(column: Column) {
    this.#column = column;
    this.#rows = column.length;
    const bits = Math.max(4, Math.ceil(Math.log2(column.length + 1)));
    this.#shift = 32 - bits;
    this.#first = new Uint32Array(2 ** bits);
    this.#next = new Uint32Array(column.length + 1);
    this.#previous = new Uint32Array(column.length + 1);
  }

  /** A row that is allocated now. */
  add(row: number): void {
    const chain = this.#chainOf(this.#column[row] ?? 0);
    const after = this.#first[chain] ?? 0;
    this.#next[row + 1] = after;
    this.#previous[row + 1] = 0;
    if (after !== 0) this.#previous[after] = row + 1;
    this.#first[chain] = row + 1;
  }
  /** A row that is about to be free. */
  remove(row: number): void {
    const before = this.#previous[row + 1] ?? 0;
    const after = this.#next[row + 1] ?? 0;
    if (before === 0) this.#first[this.#chainOf(this.#column[row] ?? 0)] = after;
    else this.#next[before] = after;
    if (after !== 0) this.#previous[after] = before;
  }
  /** The field of an allocated row becomes `value`. */
  set(row: number, value: number): void {
    this.remove(row);
    this.#column[row] = value;
    this.add(row);
  }
  /** Lowest row from `from` on with this value; the number of rows if there is none. */
  from(value: number, from: number): number {
    let lowest = this.#rows;
    for (let at = this.#first[this.#chainOf(value)] ?? 0; at !== 0; at = this.#next[at] ?? 0) {
      const row = at - 1;
      if (row >= from && row < lowest && this.#column[row] === value) lowest = row;
    }
    return lowest;
  }

  #chainOf(value: number): number {
    return Math.imul(value, 0x9e37_79b1) >>> this.#shift;
  }
}
