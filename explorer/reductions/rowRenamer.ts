/**
 * Gives the rows of one dynamic table the numbers of the canonical form, in place, in packed words.
 *
 * In: cells. Out: whether a state changed. Never: an allocation per state; anything but a permutation of the rows.
 *
 * Rows are numbered as they are first reached from what is no row (tables, lists and frames in the order of the layout), then
 * from rows in the order of their new numbers. Those that nothing reaches follow by a hash of what they hold. Two of one hash
 * stay in their old order: then some equal states stay apart, which costs states and never a verdict.
 */
import { RenamingLost } from './lost.ts';
import type { Cell, FramePlan, RowCells } from './rowCells.ts';

export type Renamed =
  | 'same'
  | 'renamed'
  /** Something refers to a free row. Which free row is taken next then makes a difference that renaming would hide. */
  | 'freeRowInUse';

/** Cells that may refer to rows, and what finding the row in each takes, `stride` numbers a cell: this is run for every step of a search. */
interface Reach {
  readonly cells: readonly Cell[];
  readonly numbers: Int32Array;
}
const stride = 5;

function reachOf(all: readonly Cell[]): Reach {
  const cells = all.filter(({ kind }) => kind !== 'plain');
  // Places in a row; 0: a set or a link, which are looked at as they are.
  const places = ({ kind, length }: Cell) => (kind === 'ref' ? 1 : kind === 'pointer' ? length : 0);
  return { cells, numbers: Int32Array.from(cells.flatMap((cell) => [cell.word, cell.shift, cell.ones, cell.bias, places(cell)])) };
}

export class RowRenamer {
  readonly #old: Int32Array;
  /** New number by old one, or -1; old number by new one. */
  readonly #to: Int32Array;
  readonly #from: Int32Array;
  readonly #hashes: Int32Array;
  /** By row: those of its cells that may refer to rows. */
  readonly #references: readonly Reach[];
  readonly #outside: Reach;
  readonly #frames = new Map<FramePlan, Reach>();
  #count = 0;
  #freeInUse = false;
  /** Bits that `keepsNumbers` compares, by word: (word, mask) after (word, mask). */
  readonly #looksAt: Int32Array;

  constructor(
    private readonly cells: RowCells,
    words: number,
  ) {
    this.#old = new Int32Array(words);
    this.#to = new Int32Array(cells.rows);
    this.#from = new Int32Array(cells.rows);
    this.#hashes = new Int32Array(cells.rows);
    this.#references = cells.rowCells.map(reachOf);
    this.#outside = reachOf(cells.outside);
    this.#looksAt = looksAt(cells);
  }

  /**
   * Whether a step from the state at `base` to the one at `next` left alone what numbers depend on, if `reachesAll`, and what may come to
   * refer to a free row. (A link in a frame is a copy of one in a field; when its row is freed, rows change.)
   */
  keepsNumbers(buffer: Int32Array, base: number, next: number): boolean {
    const bits = this.#looksAt;
    for (let k = 0; k < bits.length; k += 2) {
      const word = bits[k] as number;
      if ((((buffer[base + word] as number) ^ (buffer[next + word] as number)) & (bits[k + 1] as number)) !== 0) return false;
    }
    return true;
  }

  /** Whether tables and lists alone refer to all rows of the state at `base`: then frames and rows do not matter. */
  reachesAll(buffer: Int32Array, base: number): boolean {
    for (let i = 0; i < this.#old.length; i++) this.#old[i] = buffer[base + i] as number;
    this.#count = 0;
    this.#to.fill(-1);
    this.#reachAll(this.#outside);
    const { allocated, rows } = this.cells;
    for (let row = 0; row < rows; row++)
      if ((this.#to[row] as number) < 0 && valueIn(this.#old, allocated[row] as Cell) !== 0) return false;
    return true;
  }

  /** The state at `base`. Where a free row is in use it is left as it is. */
  rename(buffer: Int32Array, base: number): Renamed {
    const old = this.#old;
    for (let i = 0; i < old.length; i++) old[i] = buffer[base + i] as number;
    this.#number();
    if (this.#freeInUse) return 'freeRowInUse';
    if (this.#isIdentity()) return 'same';
    this.#apply(buffer, base);
    return 'renamed';
  }

  #number(): void {
    const { processes } = this.cells;
    this.#count = 0;
    this.#freeInUse = false;
    this.#to.fill(-1);
    this.#reachAll(this.#outside);
    for (const { programCounter, plans } of processes) {
      let plan: FramePlan | null = plans[valueIn(this.#old, programCounter)] ?? null;
      for (; plan !== null; plan = this.#callerOf(plan)) if (plan.cells.length > 0) this.#reachAll(this.#frame(plan));
    }
    this.#reachFrom(0);
    this.#numberUnreached();
    if (!this.#freeInUse) this.#numberFree();
  }

  #frame(plan: FramePlan): Reach {
    const known = this.#frames.get(plan);
    if (known !== undefined) return known;
    const made = reachOf(plan.cells);
    this.#frames.set(plan, made);
    return made;
  }

  #callerOf({ returnSlot, callers }: FramePlan): FramePlan | null {
    return callers[returnSlot === null ? 0 : valueIn(this.#old, returnSlot)] ?? null;
  }

  #reachAll({ numbers, cells }: Reach): void {
    const { rows } = this.cells;
    for (let k = 0, at = 0; k < cells.length; k++, at += stride) {
      const word = this.#old[numbers[at] as number] as number;
      const value = ((word >>> (numbers[at + 1] as number)) & (numbers[at + 2] as number)) + (numbers[at + 3] as number);
      const places = numbers[at + 4] as number;
      if (places === 0) {
        const cell = cells[k] as Cell;
        if (cell.kind === 'set') this.#checkSet(value);
        else this.#reach(rowIn(cell, value, rows));
      } else if (value !== 0 && value <= rows * places) this.#reach(places === 1 ? value - 1 : Math.floor((value - 1) / places));
    }
  }

  #checkSet(set: number): void {
    const { allocated, rows } = this.cells;
    for (let row = 0; row < rows; row++)
      if ((set & (1 << row)) !== 0 && valueIn(this.#old, allocated[row] as Cell) === 0) this.#freeInUse = true;
  }

  #reach(row: number): void {
    if (row < 0 || (this.#to[row] as number) >= 0) return;
    if (valueIn(this.#old, this.cells.allocated[row] as Cell) === 0) this.#freeInUse = true;
    else this.#give(row);
  }

  #give(row: number): void {
    this.#to[row] = this.#count;
    this.#from[this.#count++] = row;
  }

  #reachFrom(first: number): void {
    for (let next = first; next < this.#count; next++) this.#reachAll(this.#references[this.#from[next] as number] as Reach);
  }

  #numberUnreached(): void {
    const { rows, allocated } = this.cells;
    for (;;) {
      let best = -1;
      for (let row = 0; row < rows; row++) {
        if ((this.#to[row] as number) >= 0 || valueIn(this.#old, allocated[row] as Cell) === 0) continue;
        this.#hashes[row] = this.#hashOf(row);
        if (best < 0 || (this.#hashes[row] as number) < (this.#hashes[best] as number)) best = row;
      }
      if (best < 0) return;
      const first = this.#count;
      this.#give(best);
      this.#reachFrom(first);
    }
  }

  /** Of what the row holds and which sets it is in, in words that do not depend on numbers of rows. */
  #hashOf(row: number): number {
    let hash = 0;
    for (const cell of this.cells.rowCells[row] as readonly Cell[]) {
      const value = valueIn(this.#old, cell);
      const other = cell.kind === 'plain' || cell.kind === 'set' ? -1 : rowIn(cell, value, this.cells.rows);
      const known = other < 0 ? -1 : (this.#to[other] as number);
      if (other >= 0 && known < 0) hash = mix(hash, other === row ? 0x5e1f : 0x7e57);
      else if (cell.kind === 'set') hash = mix(hash, (value >>> row) & 1);
      else hash = mix(hash, other < 0 ? value : withRow(cell, value, known));
    }
    for (const cell of this.cells.outside) if (cell.kind === 'set') hash = mix(hash, (valueIn(this.#old, cell) >>> row) & 1);
    return hash;
  }

  /** What is free is all alike. */
  #numberFree(): void {
    for (let row = 0; row < this.cells.rows; row++) if ((this.#to[row] as number) < 0) this.#give(row);
  }

  #isIdentity(): boolean {
    for (let row = 0; row < this.cells.rows; row++) if (this.#to[row] !== row) return false;
    return true;
  }

  #apply(buffer: Int32Array, base: number): void {
    const { outside, processes, rowCells, allocated, rows } = this.cells;
    this.#rewriteAll(outside, buffer, base);
    for (const { programCounter, plans } of processes) {
      let plan: FramePlan | null = plans[valueIn(this.#old, programCounter)] ?? null;
      for (; plan !== null; plan = this.#callerOf(plan)) this.#rewriteAll(plan.cells, buffer, base);
    }
    for (let row = 0; row < rows; row++) {
      const source = this.#from[row] as number;
      const [here, there] = [rowCells[row] as readonly Cell[], rowCells[source] as readonly Cell[]];
      for (let k = 0; k < here.length; k++) put(buffer, base, here[k] as Cell, this.#mapped(there[k] as Cell));
      put(buffer, base, allocated[row] as Cell, valueIn(this.#old, allocated[source] as Cell));
    }
  }

  #rewriteAll(cells: readonly Cell[], buffer: Int32Array, base: number): void {
    for (const cell of cells) put(buffer, base, cell, this.#mapped(cell));
  }

  #mapped(cell: Cell): number {
    const value = valueIn(this.#old, cell);
    if (cell.kind === 'plain') return value;
    if (cell.kind === 'set') {
      let set = 0;
      for (let row = 0; row < this.cells.rows; row++) set |= ((value >>> row) & 1) << (this.#to[row] as number);
      return set;
    }
    const row = rowIn(cell, value, this.cells.rows);
    return row < 0 ? value : withRow(cell, value, this.#to[row] as number);
  }
}

/** What is outside of rows, whether rows are there, and what in them may refer to a free one. */
function looksAt({ outside, rowCells, allocated }: RowCells): Int32Array {
  const masks = new Map<number, number>();
  for (const { word, shift, ones } of [
    ...outside,
    ...rowCells.flat().filter(({ kind }) => kind === 'link' || kind === 'set'),
    ...allocated,
  ])
    masks.set(word, (masks.get(word) ?? 0) | (ones << shift));
  return Int32Array.from([...masks].flat());
}

/** The number of the row that a value refers to, or -1. */
export function rowIn({ kind, length, link }: Cell, value: number, rows: number): number {
  if (kind === 'ref') return value > rows ? -1 : value - 1;
  if (kind === 'pointer') return value > rows * length ? -1 : Math.floor((value - 1) / length);
  if (link === null || (value & link.mask) >>> 0 !== link.equals) return -1;
  const row = ((value >>> link.shift) & (2 ** link.bits - 1)) - link.bias;
  return row >= rows ? -1 : row;
}

/** The value with another row. */
function withRow({ kind, length, link }: Cell, value: number, row: number): number {
  if (kind === 'ref' || link === null) return kind === 'ref' ? row + 1 : 1 + row * length + ((value - 1) % length);
  return (value & ~((2 ** link.bits - 1) << link.shift)) | ((row + link.bias) << link.shift);
}

function valueIn(words: Int32Array, { word, shift, ones, bias }: Cell): number {
  return (((words[word] as number) >>> shift) & ones) + bias;
}

function put(buffer: Int32Array, base: number, { word, shift, ones, bias }: Cell, value: number): void {
  // The compiler may know that a stored local is smaller than a row's number can become.
  if (((value - bias) & ~ones) !== 0) throw new RenamingLost(`${value} does not fit where a row is renamed`);
  const at = base + word;
  buffer[at] = ((buffer[at] as number) & ~(ones << shift)) | (((value - bias) & ones) << shift);
}

function mix(hash: number, value: number): number {
  const h = Math.imul(hash ^ value, 0x9e3779b1);
  return h ^ (h >>> 15);
}
