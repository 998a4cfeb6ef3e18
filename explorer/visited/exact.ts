/**
 * The exact visited set: an open-addressing table of (hash, id) before a store of whole states.
 *
 * In: batches. Out: ids. Never: two different states taken for one.
 *
 * Slot s is words 2s (the 32-bit hash of the state) and 2s+1 (id + 1; 0 is empty). The slot is sought from the
 * hash's low bits on, linearly; the words are compared only where all 32 bits agree. As slots keep the
 * whole hash, the table grows without reading a state.
 */
import { readNumber, type WordSink, type WordSource } from '../checkpoint/words.ts';
import type { Batch, VisitedSet } from './batch.ts';
import { hashWords } from './hash.ts';
import { RecordStore } from './store.ts';

const initialSlots = 1 << 14;
/** Filled slots of eight at which the table doubles. */
const fullEighths = 5;

export class ExactSet implements VisitedSet {
  readonly stored: RecordStore;
  private readonly links = new RecordStore(2);
  private slots = new Int32Array(2 * initialSlots);
  private mask = initialSlots - 1;
  /** Keeps the loop that touches lines from being removed as dead. */
  private touched = 0;

  constructor(readonly words: number) {
    this.stored = new RecordStore(words);
  }

  get states(): number {
    return this.stored.count;
  }

  get bytes(): number {
    return this.stored.bytes + this.links.bytes + this.slots.byteLength;
  }

  growthBytes(more: number): number {
    return this.mustGrow(more) ? 2 * this.slots.byteLength : 0;
  }

  insert(buffer: Int32Array, batch: Batch): number {
    while (this.mustGrow(batch.count)) this.grow();
    this.stored.reserve(batch.count);
    this.links.reserve(batch.count);
    this.hash(buffer, batch);
    this.touch(batch);
    return this.place(buffer, batch);
  }

  /** Id of the state at `from`, or -1. */
  find(buffer: Int32Array, from: number): number {
    const hash = hashWords(buffer, from, this.words);
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
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
    this.slots = new Int32Array(2);
    this.mask = 0;
  }

  save(sink: WordSink): void {
    sink.write(Int32Array.of(this.slots.length));
    this.stored.save(sink);
    this.links.save(sink);
  }

  /** The table is made anew from the states. */
  load(source: WordSource): void {
    const length = readNumber(source);
    this.stored.load(source);
    this.links.load(source);
    const slots = new Int32Array(length);
    const mask = length / 2 - 1;
    const { segments, shift, mask: recordMask } = this.stored;
    for (let id = 0; id < this.stored.count; id++) {
      const hash = hashWords(segments[id >>> shift] as Int32Array, (id & recordMask) * this.words, this.words);
      let slot = hash & mask;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = id + 1;
    }
    this.slots = slots;
    this.mask = mask;
  }

  private hash(buffer: Int32Array, batch: Batch): void {
    const { offsets, hashes, count } = batch;
    const words = this.words;
    for (let k = 0; k < count; k++) hashes[k] = hashWords(buffer, offsets[k] as number, words);
  }

  /** Reads the first slot of every state: the misses overlap, and `place` then finds the lines in the cache. */
  private touch(batch: Batch): void {
    const { hashes, count } = batch;
    const { slots, mask } = this;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[2 * ((hashes[k] as number) & mask)] as number;
    this.touched ^= sum;
  }

  private place(buffer: Int32Array, batch: Batch): number {
    const { offsets, parents, labels, hashes, fresh, count } = batch;
    const { slots, mask, stored, links, words } = this;
    const { segments, shift, mask: recordMask } = stored;
    let made = 0;
    for (let k = 0; k < count; k++) {
      const hash = hashes[k] as number;
      const from = offsets[k] as number;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
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

  private mustGrow(more: number): boolean {
    return (this.stored.count + more) * 8 > (this.mask + 1) * fullEighths;
  }

  private grow(): void {
    const old = this.slots;
    const mask = 2 * this.mask + 1;
    const slots = new Int32Array(2 * (mask + 1));
    for (let s = 0; s < old.length; s += 2) {
      const id = old[s + 1] as number;
      if (id === 0) continue;
      const hash = old[s] as number;
      let slot = hash & mask;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = id;
    }
    this.slots = slots;
    this.mask = mask;
  }
}
