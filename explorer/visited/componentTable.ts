/**
 * Rows of a few words, each kept once, by number.
 *
 * In: words. Out: numbers from 0, in the order in which rows were first seen. Never: a row that goes.
 *
 * Slot s is words 2s (the hash of the row) and 2s+1 (number + 1; 0 is empty), as in the exact set; sizes are powers of two.
 */
import { hashWords } from './hash.ts';

const initialSlots = 1 << 7;

export class ComponentTable {
  count = 0;
  private rows: Int32Array;
  private slots = new Int32Array(2 * initialSlots);
  private mask = initialSlots - 1;

  /** `words` of each row, at least 1. */
  constructor(readonly words: number) {
    this.rows = new Int32Array((initialSlots / 2) * words);
  }

  get bytes(): number {
    return this.rows.byteLength + this.slots.byteLength;
  }

  /** Bytes that it takes beside `bytes` if `more` rows come. */
  growthBytes(more: number): number {
    let slots = this.mask + 1;
    while (this.count + more > slots / 2) slots *= 2;
    return slots === this.mask + 1 ? 0 : 8 * slots + 2 * slots * this.words;
  }

  /** Number of the row at `from`, which is kept if it is new. */
  take(buffer: Int32Array, from: number): number {
    const hash = hashWords(buffer, from, this.words);
    const { slots, mask } = this;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[2 * slot + 1] as number) - 1;
      if (row < 0) return this.add(buffer, from, hash, slot);
      if (slots[2 * slot] === hash && this.isRow(row, buffer, from)) return row;
    }
  }

  /** Number of the row at `from`, or -1. */
  find(buffer: Int32Array, from: number): number {
    const hash = hashWords(buffer, from, this.words);
    const { slots, mask } = this;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[2 * slot + 1] as number) - 1;
      if (row < 0 || (slots[2 * slot] === hash && this.isRow(row, buffer, from))) return row;
    }
  }

  copyTo(row: number, target: Int32Array, to: number): void {
    const { rows, words } = this;
    const base = row * words;
    for (let i = 0; i < words; i++) target[to + i] = rows[base + i] as number;
  }

  private isRow(row: number, buffer: Int32Array, from: number): boolean {
    const { rows, words } = this;
    const base = row * words;
    let i = 0;
    while (i < words && rows[base + i] === buffer[from + i]) i++;
    return i === words;
  }

  private add(buffer: Int32Array, from: number, hash: number, slot: number): number {
    const row = this.count++;
    const base = row * this.words;
    for (let i = 0; i < this.words; i++) this.rows[base + i] = buffer[from + i] as number;
    this.slots[2 * slot] = hash;
    this.slots[2 * slot + 1] = row + 1;
    if (2 * this.count > this.mask) this.grow();
    return row;
  }

  private grow(): void {
    const old = this.slots;
    const mask = 2 * this.mask + 1;
    const slots = new Int32Array(2 * (mask + 1));
    for (let s = 0; s < old.length; s += 2) {
      if (old[s + 1] === 0) continue;
      let slot = (old[s] as number) & mask;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = old[s] as number;
      slots[2 * slot + 1] = old[s + 1] as number;
    }
    const rows = new Int32Array(((mask + 1) / 2) * this.words);
    rows.set(this.rows);
    this.slots = slots;
    this.rows = rows;
    this.mask = mask;
  }
}
