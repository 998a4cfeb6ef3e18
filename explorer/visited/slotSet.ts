/**
 * What the exact set and that of fingerprints have in common: a table of slots before a store of states and one of links.
 *
 * In: batches. Out: ids, in order. Never: a decision whether two states are one.
 *
 * Slot s is words 2s (32 bits of hash, from whose low bits on the slot is sought, linearly) and 2s+1, which is not 0 where the slot is taken. As slots keep
 * the whole hash, the table grows without reading a state.
 */
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import type { Batch, VisitedSet } from './batch.ts';
import { homeOf, initialSize, isFull, type Size, sizeAfter, sizeFor, sizeOf } from './size.ts';
import { type Allocate, ordinaryWords, RecordStore } from './store.ts';

export abstract class SlotSet implements VisitedSet {
  abstract readonly exact: boolean;
  /** Words of states. */
  readonly stored: RecordStore;
  /** Of each state its parent and the label of the step. */
  readonly links: RecordStore;
  size = initialSize;
  slots: Int32Array;
  /** Keeps the loop that touches lines from being removed as dead. */
  private touched = 0;

  constructor(
    readonly words: number,
    private readonly allocate: Allocate = ordinaryWords,
  ) {
    this.stored = new RecordStore(words, allocate);
    this.links = new RecordStore(2, allocate);
    this.slots = allocate(2 * initialSize.count);
  }

  get states(): number {
    return this.links.count;
  }

  get bytes(): number {
    return this.stored.bytes + this.links.bytes + this.slots.byteLength;
  }

  growthBytes(more: number): number {
    return this.mustGrow(more) ? 8 * sizeAfter(this.size.count).count : 0;
  }

  mustGrow(more: number): boolean {
    return isFull(this.links.count + more, this.size);
  }

  insert(buffer: Int32Array, batch: Batch): number {
    this.makeRoom(batch.count);
    this.hash(buffer, batch);
    this.touch(batch);
    return this.place(buffer, batch);
  }

  /** Room for `more` further states. */
  makeRoom(more: number): void {
    while (this.mustGrow(more)) {
      const old = this.enlarge();
      const { slots, size } = this;
      for (let s = 0; s < old.length; s += 2) if (old[s + 1] !== 0) put(slots, size, old[s] as number, old[s + 1] as number);
    }
    this.stored.reserve(more);
    this.links.reserve(more);
  }

  /** So many new states are in their places: for those who put them there themselves. */
  added(more: number): void {
    this.stored.count += more;
    this.links.count += more;
  }

  /** Makes the table larger, and empty: whoever calls this fills it from the old one, which is returned. */
  enlarge(): Int32Array {
    const old = this.slots;
    this.size = sizeAfter(this.size.count);
    this.slots = this.allocate(2 * this.size.count);
    return old;
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    this.stored.copyTo(id, target, to);
  }

  abstract expandedBelow(id: number): void;

  parentOf(id: number): number {
    return this.links.at(id, 0);
  }

  labelOf(id: number): number {
    return this.links.at(id, 1);
  }

  seal(): void {
    this.size = sizeOf(1);
    this.slots = new Int32Array(2);
  }

  save(sink: WordSink): void {
    this.stored.save(sink);
    this.links.save(sink);
  }

  /** Reads states and links; `eachSlot` gives the content of the table. */
  protected restore(source: WordSource, eachSlot: (take: (hash: number, second: number) => void) => void): void {
    this.stored.load(source);
    this.links.load(source);
    this.size = sizeFor(this.states);
    const { size } = this;
    const slots = this.allocate(2 * size.count);
    eachSlot((hash, second) => put(slots, size, hash, second));
    this.slots = slots;
  }

  abstract load(source: WordSource): void;

  /** Writes the hashes of the states of the batch. */
  protected abstract hash(buffer: Int32Array, batch: Batch): void;

  /** Reads the first slot of every state: the misses overlap, and `place` then finds the lines in the cache. */
  private touch(batch: Batch): void {
    const { hashes, count } = batch;
    const { slots } = this;
    const { mask, quarters } = this.size;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[2 * homeOf(hashes[k] as number, mask, quarters)] as number;
    this.touched ^= sum;
  }

  /** Gives what is not there yet ids; there is room. Returns how many these are. */
  protected abstract place(buffer: Int32Array, batch: Batch): number;
}

/** Takes a slot for what is in none. */
function put(slots: Int32Array, { count, mask, quarters }: Size, hash: number, second: number): void {
  let slot = homeOf(hash, mask, quarters);
  while (slots[2 * slot + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
  slots[2 * slot] = hash;
  slots[2 * slot + 1] = second;
}
