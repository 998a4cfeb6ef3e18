/**
 * The hashed visited set: 64 bits of hash stand for a state.
 *
 * In: batches. Out: ids. Never: the words of a state after it was expanded (its path gives them back).
 *
 * Slot s is words 2s (`hashWords`) and 2s+1 (`hashWordsAgain`); both zero is empty. Two different states
 * with equal fingerprints are taken for one: of n states the chance of that is at most n²/2^65.
 */
import { readNumber, type WordSink, type WordSource } from '../checkpoint/words.ts';
import type { Batch, VisitedSet } from './batch.ts';
import { hashWords, hashWordsAgain } from './hash.ts';
import { homeOf, initialSize, isFull, sizeAfter, sizeOf } from './size.ts';
import { RecordStore } from './store.ts';

export class FingerprintSet implements VisitedSet {
  /** The states that wait to be expanded. */
  private readonly waiting: RecordStore;
  private readonly links = new RecordStore(2);
  private size = initialSize;
  private slots = new Int32Array(2 * initialSize.count);
  private touched = 0;

  constructor(readonly words: number) {
    this.waiting = new RecordStore(words);
  }

  get states(): number {
    return this.links.count;
  }

  get bytes(): number {
    return this.waiting.bytes + this.links.bytes + this.slots.byteLength;
  }

  growthBytes(more: number): number {
    return this.mustGrow(more) ? 8 * sizeAfter(this.size.count).count : 0;
  }

  insert(buffer: Int32Array, batch: Batch): number {
    while (this.mustGrow(batch.count)) this.grow();
    this.waiting.reserve(batch.count);
    this.links.reserve(batch.count);
    this.hash(buffer, batch);
    this.touch(batch);
    return this.place(buffer, batch);
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    this.waiting.copyTo(id, target, to);
  }

  expandedBelow(id: number): void {
    this.waiting.releaseBelow(id);
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
    this.waiting.releaseBelow(this.waiting.count);
  }

  save(sink: WordSink): void {
    this.waiting.save(sink);
    this.links.save(sink);
    sink.write(Int32Array.of(this.slots.length));
    sink.write(this.slots);
  }

  load(source: WordSource): void {
    this.waiting.load(source);
    this.links.load(source);
    this.slots = new Int32Array(readNumber(source));
    source.read(this.slots);
    this.size = sizeOf(this.slots.length / 2);
  }

  private hash(buffer: Int32Array, batch: Batch): void {
    const { offsets, hashes, hashesHigh, count } = batch;
    const words = this.words;
    for (let k = 0; k < count; k++) {
      const low = hashWords(buffer, offsets[k] as number, words);
      const high = hashWordsAgain(buffer, offsets[k] as number, words);
      hashes[k] = low;
      // Zero marks an empty slot: the state that hashes to it shares the fingerprint (0, 1).
      hashesHigh[k] = low === 0 && high === 0 ? 1 : high;
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
    const { slots, waiting, links } = this;
    const { count, mask, quarters } = this.size;
    let made = 0;
    for (let k = 0; k < batch.count; k++) {
      const low = hashes[k] as number;
      const high = hashesHigh[k] as number;
      for (let slot = homeOf(low, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
        const slotLow = slots[2 * slot] as number;
        const slotHigh = slots[2 * slot + 1] as number;
        if (slotLow === low && slotHigh === high) break;
        if (slotLow !== 0 || slotHigh !== 0) continue;
        slots[2 * slot] = low;
        slots[2 * slot + 1] = high;
        waiting.push(buffer, offsets[k] as number);
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

  private mustGrow(more: number): boolean {
    return isFull(this.links.count + more, this.size);
  }

  private grow(): void {
    const old = this.slots;
    const size = sizeAfter(this.size.count);
    const { count, mask, quarters } = size;
    const slots = new Int32Array(2 * count);
    for (let s = 0; s < old.length; s += 2) {
      const low = old[s] as number;
      const high = old[s + 1] as number;
      if (low === 0 && high === 0) continue;
      let slot = homeOf(low, mask, quarters);
      while (slots[2 * slot] !== 0 || slots[2 * slot + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
      slots[2 * slot] = low;
      slots[2 * slot + 1] = high;
    }
    this.slots = slots;
    this.size = size;
  }
}

/** n²/2^65: an upper estimate of the chance that of n states two shared a fingerprint. */
export function missedStateOdds(states: number): number {
  return (states * states) / 2 ** 65;
}
