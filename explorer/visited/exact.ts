/**
 * The exact visited set: an open-addressing table of (hash, id) before a store of whole states.
 *
 * In: batches. Out: ids. Never: two different states taken for one.
 *
 * Slot s is words 2s (the 32-bit hash of the state) and 2s+1 (id + 1; 0 is empty). The slot is sought from the
 * hash's low bits on, linearly; the words are compared only where all 32 bits agree. As slots keep the
 * whole hash, the table grows without reading a state.
 */
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import type { Batch, StateSet } from './batch.ts';
import { hashWords } from './hash.ts';
import { homeOf, initialSize, isFull, sizeAfter, sizeFor, sizeOf } from './size.ts';
import { type Allocate, ordinaryWords, RecordStore } from './store.ts';

export class ExactSet implements StateSet {
  readonly exact = true;
  readonly stored: RecordStore;
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
    return this.stored.count;
  }

  get bytes(): number {
    return this.stored.bytes + this.links.bytes + this.slots.byteLength;
  }

  growthBytes(more: number): number {
    return this.mustGrow(more) ? 8 * sizeAfter(this.size.count).count : 0;
  }

  insert(buffer: Int32Array, batch: Batch): number {
    this.makeRoom(batch.count);
    this.hash(buffer, batch);
    this.touch(batch);
    return this.place(buffer, batch);
  }

  makeRoom(more: number): void {
    while (this.mustGrow(more)) this.grow();
    this.stored.reserve(more);
    this.links.reserve(more);
  }

  added(more: number): void {
    this.stored.count += more;
    this.links.count += more;
  }

  /** Id of the state at `from`, or -1. */
  find(buffer: Int32Array, from: number): number {
    const hash = hashWords(buffer, from, this.words);
    const { count, mask, quarters } = this.size;
    for (let slot = homeOf(hash, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
      const id = (this.slots[2 * slot + 1] as number) - 1;
      if (id < 0) return -1;
      if (this.slots[2 * slot] === hash && this.stored.equals(id, buffer, from)) return id;
    }
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    this.stored.copyTo(id, target, to);
  }

  expandedBelow(): void {}

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

  /** The table is made anew from the states. */
  load(source: WordSource): void {
    this.stored.load(source);
    this.links.load(source);
    const size = sizeFor(this.states);
    const { count, mask, quarters } = size;
    const slots = this.allocate(2 * count);
    const { segments, shift, mask: recordMask } = this.stored;
    for (let id = 0; id < this.stored.count; id++) {
      const hash = hashWords(segments[id >>> shift] as Int32Array, (id & recordMask) * this.words, this.words);
      let slot = homeOf(hash, mask, quarters);
      while (slots[2 * slot + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = id + 1;
    }
    this.slots = slots;
    this.size = size;
  }

  private hash(buffer: Int32Array, batch: Batch): void {
    const { offsets, hashes, count } = batch;
    const words = this.words;
    for (let k = 0; k < count; k++) hashes[k] = hashWords(buffer, offsets[k] as number, words);
  }

  /** Reads the first slot of every state: the misses overlap, and `place` then finds the lines in the cache. */
  private touch(batch: Batch): void {
    const { hashes, count } = batch;
    const { slots } = this;
    const { mask, quarters } = this.size;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[2 * homeOf(hashes[k] as number, mask, quarters)] as number;
    this.touched ^= sum;
  }

  private place(buffer: Int32Array, batch: Batch): number {
    const { offsets, parents, labels, hashes, fresh } = batch;
    const { slots, stored, links, words } = this;
    const { count, mask, quarters } = this.size;
    const { segments, shift, mask: recordMask } = stored;
    let made = 0;
    for (let k = 0; k < batch.count; k++) {
      const hash = hashes[k] as number;
      const from = offsets[k] as number;
      for (let slot = homeOf(hash, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
        const id = (slots[2 * slot + 1] as number) - 1;
        if (id < 0) {
          slots[2 * slot] = hash;
          slots[2 * slot + 1] = stored.push(buffer, from) + 1;
          const link = links.count++;
          const segment = links.segments[link >>> links.shift] as Int32Array;
          segment[2 * (link & links.mask)] = parents[k] as number;
          segment[2 * (link & links.mask) + 1] = labels[k] as number;
          fresh[made++] = k;
          break;
        }
        if (slots[2 * slot] !== hash) continue;
        const segment = segments[id >>> shift] as Int32Array;
        const base = (id & recordMask) * words;
        let i = 0;
        while (i < words && segment[base + i] === buffer[from + i]) i++;
        if (i === words) break;
      }
    }
    return made;
  }

  mustGrow(more: number): boolean {
    return isFull(this.stored.count + more, this.size);
  }

  /** Makes the table larger, and empty: whoever calls this fills it from the old one, which is returned. */
  enlarge(): Int32Array {
    const old = this.slots;
    const size = sizeAfter(this.size.count);
    this.slots = this.allocate(2 * size.count);
    this.size = size;
    return old;
  }

  private grow(): void {
    const old = this.enlarge();
    const { slots } = this;
    const { count, mask, quarters } = this.size;
    for (let s = 0; s < old.length; s += 2) {
      const id = old[s + 1] as number;
      if (id === 0) continue;
      const hash = old[s] as number;
      let slot = homeOf(hash, mask, quarters);
      while (slots[2 * slot + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = id;
    }
  }
}
