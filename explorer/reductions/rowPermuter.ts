/**
 * Lets rows of a table that always exists change places, with their processes, in packed states.
 *
 * In: cells. Out: the canonical form of a state, and the permutation that led there. Never: an allocation per state.
 *
 * Rows are sorted by what they hold, where their processes stand, which sets they are in and which locks they hold. Rows that are alike
 * in that may still differ in what refers to them: then all their permutations are tried while they are few, and the least state is
 * taken. More than that stay in their old order, which costs states and never a verdict.
 */
import type { Bits, FixedCell, FixedCells } from './fixedCells.ts';
import { RenamingLost } from './lost.ts';
import type { Cell, FramePlan, ProcessPlan } from './rowCells.ts';

/** Permutations that are tried for one state. */
const triedMost = 24;

export class RowPermuter {
  /** New row by old row, and new process by old process, of the last state. */
  readonly to: Int32Array;
  readonly processTo: Int32Array;
  readonly #old: Int32Array;
  readonly #least: Int32Array;
  readonly #leastTo: Int32Array;
  readonly #signatures: Int32Array;
  readonly #orders: readonly Int32Array[];
  readonly #parts: readonly (readonly (readonly Bits[])[])[];
  readonly #width: number;

  constructor(
    private readonly cells: FixedCells,
    private readonly words: number,
  ) {
    this.to = new Int32Array(cells.rows);
    this.processTo = new Int32Array(cells.processes.length);
    this.#old = new Int32Array(words);
    this.#least = new Int32Array(words);
    this.#leastTo = new Int32Array(cells.rows);
    this.#orders = cells.orbits.map(({ rows }) => Int32Array.from(rows));
    // By orbit and row: the parts that are compared.
    this.#parts = cells.orbits.map(({ rows }, o) =>
      rows.map((row) => (cells.units[row] ?? []).filter((_, k) => cells.plainParts[o]?.[k] === true)),
    );
    this.#width = Math.max(...this.#parts.map(([first]) => first?.length ?? 0)) + cells.about.length;
    this.#signatures = new Int32Array(cells.rows * this.#width);
  }

  /** Brings the state at `base` into its canonical form. Gives whether it changed. */
  rename(buffer: Int32Array, base: number): boolean {
    let tries = 1;
    for (let o = 0; o < this.#orders.length; o++) {
      this.#sign(buffer, base, o);
      tries *= this.#sort(o);
    }
    if (tries > 1 && tries <= triedMost && this.cells.relations) return this.#tryAll(buffer, base);
    this.#fromOrders();
    return this.#permute(buffer, base);
  }

  /** Permutes the state at `base` by `to` (new row by old row). */
  apply(buffer: Int32Array, base: number, to: Int32Array): void {
    this.to.set(to);
    this.#permute(buffer, base);
  }

  /** What `apply` makes of the number of a process. */
  processUnder(to: Int32Array, process: number): number {
    for (const { rows, processes } of this.cells.orbits)
      for (const [k, own] of processes.entries()) {
        const at = own.indexOf(process);
        if (at >= 0) return processes[rows.indexOf(to[rows[k] as number] as number)]?.[at] as number;
      }
    return process;
  }

  #sign(buffer: Int32Array, base: number, o: number): void {
    const { about, orbits } = this.cells;
    const { rows, processes } = orbits[o] as (typeof orbits)[number];
    const parts = this.#parts[o] as readonly (readonly Bits[])[];
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r] as number;
      let at = row * this.#width;
      const own = parts[r] as readonly Bits[];
      for (let k = 0; k < own.length; k++) {
        const { word, shift, ones } = own[k] as Bits;
        this.#signatures[at++] = ((buffer[base + word] as number) >>> shift) & ones;
      }
      const mine = processes[r] as readonly number[];
      for (let k = 0; k < about.length; k++) {
        const cell = about[k] as FixedCell;
        const value = (((buffer[base + cell.word] as number) >>> cell.shift) & cell.ones) + cell.bias;
        this.#signatures[at++] =
          cell.kind === 'set' ? (value >>> row) & 1 : cell.kind === 'process' ? mine.indexOf(value - 1) + 1 : bitsOf(value, mine);
      }
    }
  }

  /** Sorts the rows of an orbit; gives how many orders are as good. */
  #sort(o: number): number {
    const order = this.#orders[o] as Int32Array;
    const { rows } = this.cells.orbits[o] as FixedCells['orbits'][number];
    for (let k = 0; k < rows.length; k++) order[k] = rows[k] as number;
    for (let k = 1; k < order.length; k++) {
      const row = order[k] as number;
      let at = k;
      for (; at > 0 && this.#compare(order[at - 1] as number, row) > 0; at--) order[at] = order[at - 1] as number;
      order[at] = row;
    }
    let ways = 1;
    for (let k = 1, same = 1; k < order.length; k++) {
      same = this.#compare(order[k - 1] as number, order[k] as number) === 0 ? same + 1 : 1;
      ways *= same;
    }
    return ways;
  }

  #compare(a: number, b: number): number {
    const width = this.#width;
    for (let k = 0; k < width; k++) {
      const difference = (this.#signatures[a * width + k] as number) - (this.#signatures[b * width + k] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #fromOrders(): void {
    for (let row = 0; row < this.to.length; row++) this.to[row] = row;
    for (let o = 0; o < this.#orders.length; o++) {
      const order = this.#orders[o] as Int32Array;
      const { rows } = this.cells.orbits[o] as FixedCells['orbits'][number];
      for (let k = 0; k < order.length; k++) this.to[order[k] as number] = rows[k] as number;
    }
  }

  /** All orders in which equal rows may stand: the least state wins. */
  #tryAll(buffer: Int32Array, base: number): boolean {
    const given = this.#old;
    let first = true;
    const visit = (o: number, k: number): void => {
      const order = this.#orders[o];
      if (order === undefined) {
        this.#fromOrders();
        const changed = this.#permute(buffer, base);
        if (first || this.#isLess(buffer, base)) {
          for (let i = 0; i < this.words; i++) this.#least[i] = buffer[base + i] as number;
          this.#leastTo.set(this.to);
        }
        first = false;
        if (changed) for (let i = 0; i < this.words; i++) buffer[base + i] = given[i] as number;
        return;
      }
      if (k === order.length) {
        visit(o + 1, 0);
        return;
      }
      for (let other = k; other < order.length && this.#compare(order[k] as number, order[other] as number) === 0; other++) {
        swap(order, k, other);
        visit(o, k + 1);
        swap(order, k, other);
      }
    };
    visit(0, 0);
    this.to.set(this.#leastTo);
    return this.#permute(buffer, base);
  }

  #isLess(buffer: Int32Array, base: number): boolean {
    for (let i = 0; i < this.words; i++) {
      const difference = (buffer[base + i] as number) - (this.#least[i] as number);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  /** By `to`. Leaves the state before in `#old`, and the permutation of processes in `processTo`. */
  #permute(buffer: Int32Array, base: number): boolean {
    const { orbits, units, fields, processes } = this.cells;
    const { to, processTo } = this;
    const old = this.#old;
    for (let i = 0; i < this.words; i++) old[i] = buffer[base + i] as number;
    for (let p = 0; p < processTo.length; p++) processTo[p] = p;
    let moved = false;
    for (const { rows, processes: own } of orbits) {
      for (let k = 0; k < rows.length; k++) {
        const target = to[rows[k] as number] as number;
        if (target === rows[k]) continue;
        moved = true;
        const there = own[rows.indexOf(target)] as readonly number[];
        for (let i = 0; i < there.length; i++) processTo[(own[k] as readonly number[])[i] as number] = there[i] as number;
        move(old, units[rows[k] as number] as readonly Bits[], buffer, base, units[target] as readonly Bits[]);
      }
    }
    if (!moved) return false;
    for (let k = 0; k < fields.length; k++) this.#rewrite(buffer, base, fields[k] as FixedCell);
    for (let p = 0; p < processes.length; p++) this.#rewriteFrames(buffer, base, processes[p] as ProcessPlan);
    return true;
  }

  /** Processes have moved already, so each plan is that of where its process stands now. */
  #rewriteFrames(buffer: Int32Array, base: number, { programCounter, plans }: ProcessPlan): void {
    let plan: FramePlan | null = plans[read(buffer, base, programCounter)] ?? null;
    for (; plan !== null; plan = plan.callers[plan.returnSlot === null ? 0 : read(buffer, base, plan.returnSlot)] ?? null)
      for (const cell of plan.cells) this.#rewrite(buffer, base, cell as Cell & FixedCell);
  }

  #rewrite(buffer: Int32Array, base: number, cell: FixedCell): void {
    const value = read(buffer, base, cell);
    const mapped = this.#mapped(cell, value);
    if (mapped === value) return;
    const { word, shift, ones, bias } = cell;
    if (((mapped - bias) & ~ones) !== 0) throw new RenamingLost(`${mapped} does not fit where a row is renamed`);
    buffer[base + word] = ((buffer[base + word] as number) & ~(ones << shift)) | ((mapped - bias) << shift);
  }

  #mapped({ kind, length }: FixedCell, value: number): number {
    const { rows } = this.cells;
    switch (kind) {
      case 'ref':
        return value >= 1 && value <= rows ? (this.to[value - 1] as number) + 1 : value;
      case 'pointer': {
        const place = value - 1;
        return place >= 0 && place < rows * length
          ? 1 + (this.to[Math.floor(place / length)] as number) * length + (place % length)
          : value;
      }
      case 'process':
        return value === 0 ? 0 : (this.processTo[value - 1] as number) + 1;
      case 'set':
        return permuted(value, this.to);
      case 'processes':
        return permuted(value, this.processTo);
    }
  }
}

function permuted(set: number, to: Int32Array): number {
  let result = set;
  for (let k = 0; k < to.length; k++) {
    const target = to[k] as number;
    if (target !== k) result = ((set >>> k) & 1) === 0 ? result & ~(1 << target) : result | (1 << target);
  }
  return result;
}

function bitsOf(set: number, members: readonly number[]): number {
  let bits = 0;
  for (let k = 0; k < members.length; k++) bits |= ((set >>> (members[k] as number)) & 1) << k;
  return bits;
}

function read(buffer: Int32Array, base: number, { word, shift, ones, bias }: Pick<Cell, 'word' | 'shift' | 'ones' | 'bias'>): number {
  return (((buffer[base + word] as number) >>> shift) & ones) + bias;
}

function move(old: Int32Array, from: readonly Bits[], buffer: Int32Array, base: number, to: readonly Bits[]): void {
  for (let k = 0; k < from.length; k++) {
    const [a, b] = [from[k] as Bits, to[k] as Bits];
    const value = ((old[a.word] as number) >>> a.shift) & a.ones;
    buffer[base + b.word] = ((buffer[base + b.word] as number) & ~(b.ones << b.shift)) | (value << b.shift);
  }
}

function swap(order: Int32Array, a: number, b: number): void {
  const kept = order[a] as number;
  order[a] = order[b] as number;
  order[b] = kept;
}
