/**
 * The hashed visited set: 64 bits of hash stand for a state.
 *
 * In: batches. Out: ids. Never: the words of a state after it was expanded (its path gives them back).
 *
 * Slot s is words 2s (`hashWords`) and 2s+1 (`hashWordsAgain`, never 0); zero there is empty. Two different states
 * with equal fingerprints are taken for one: of n states the chance of that is at most n²/2^65.
 */
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import type { Batch, VisitedSet } from './batch.ts';
import { hashWords, hashWordsAgain } from './hash.ts';
import { filledSlots, readSlots } from './saved.ts';
import { homeOf, initialSize, isFull, sizeAfter, sizeFor, sizeOf } from './size.ts';
import { type Allocate, ordinaryWords, RecordStore } from './store.ts';

export class FingerprintSet implements VisitedSet {
  readonly exact = false;
  /** Words of those that wait to be expanded. */
  readonly stored: RecordStore;
  readonly links: RecordStore;
  size = initialSize;
  slots: Int32Array;
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

  /** -1: the state at `from` is not known. Which one it is if it is, is not kept: 0. */
  find(buffer: Int32Array, from: number): number {
    const low = hashWords(buffer, from, this.words);
    const high = highHalf(buffer, from, this.words);
    const { count, mask, quarters } = this.size;
    for (let slot = homeOf(low, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
      const slotHigh = this.slots[2 * slot + 1];
      if (slotHigh === 0) return -1;
      if (slotHigh === high && this.slots[2 * slot] === low) return 0;
    }
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    this.stored.copyTo(id, target, to);
  }

  expandedBelow(id: number): void {
    this.stored.releaseBelow(id);
  }

  parentOf(id: number): number {
    return this.links.at(id, 0);
  }

  labelOf(id: number): number {
    return this.links.at(id, 1);
  }

  seal(): void {
    this.size = sizeOf(1);
    this.slots = new Int32Array(2);
    this.stored.releaseBelow(this.stored.count);
  }

  save(sink: WordSink): void {
    this.stored.save(sink);
    this.links.save(sink);
    for (const slots of filledSlots(this.slots)) sink.write(slots);
  }

  load(source: WordSource): void {
    this.stored.load(source);
    this.links.load(source);
    this.size = sizeFor(this.states);
    const { count, mask, quarters } = this.size;
    const slots = this.allocate(2 * count);
    readSlots(source, this.states, (low, high) => {
      let slot = homeOf(low, mask, quarters);
      while (slots[2 * slot + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
      slots[2 * slot] = low;
      slots[2 * slot + 1] = high;
    });
    this.slots = slots;
  }

  private hash(buffer: Int32Array, batch: Batch): void {
    const { offsets, hashes, hashesHigh, count } = batch;
    const words = this.words;
    for (let k = 0; k < count; k++) {
      hashes[k] = hashWords(buffer, offsets[k] as number, words);
      hashesHigh[k] = highHalf(buffer, offsets[k] as number, words);
    }
  }

  private touch(batch: Batch): void {
    const { hashes, count } = batch;
    const { slots } = this;
    const { mask, quarters } = this.size;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[2 * homeOf(hashes[k] as number, mask, quarters)] as number;
    this.touched ^= sum;
  }

  private place(buffer: Int32Array, batch: Batch): number {
    const { offsets, parents, labels, hashes, hashesHigh, fresh } = batch;
    const { slots, stored, links } = this;
    const { count, mask, quarters } = this.size;
    let made = 0;
    for (let k = 0; k < batch.count; k++) {
      const low = hashes[k] as number;
      const high = hashesHigh[k] as number;
      for (let slot = homeOf(low, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
        const slotLow = slots[2 * slot] as number;
        const slotHigh = slots[2 * slot + 1] as number;
        if (slotLow === low && slotHigh === high) break;
        if (slotHigh !== 0) continue;
        slots[2 * slot] = low;
        slots[2 * slot + 1] = high;
        stored.push(buffer, offsets[k] as number);
        const link = links.count++;
        const segment = links.segments[link >>> links.shift] as Int32Array;
        segment[2 * (link & links.mask)] = parents[k] as number;
        segment[2 * (link & links.mask) + 1] = labels[k] as number;
        fresh[made++] = k;
        break;
      }
    }
    return made;
  }

  mustGrow(more: number): boolean {
    return isFull(this.links.count + more, this.size);
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
      const low = old[s] as number;
      const high = old[s + 1] as number;
      if (high === 0) continue;
      let slot = homeOf(low, mask, quarters);
      while (slots[2 * slot + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
      slots[2 * slot] = low;
      slots[2 * slot + 1] = high;
    }
  }
}

/** Zero marks an empty slot, so 1 stands for it, too. */
export function highHalf(buffer: Int32Array, from: number, words: number): number {
  return hashWordsAgain(buffer, from, words) || 1;
}

/** n²/2^65: an upper estimate of the chance that of n states two shared a fingerprint. */
export function missedStateOdds(states: number): number {
  return (states * states) / 2 ** 65;
}
