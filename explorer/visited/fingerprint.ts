/**
 * The hashed visited set: 64 bits of hash stand for a state.
 *
 * In: batches. Out: ids. Never: the words of a state after it was expanded (its path gives them back).
 *
 * Slot s is words 2s (`hashWords`) and 2s+1 (`hashWordsAgain`, never 0); zero there is empty. Two different states
 * with equal fingerprints are taken for one: of n states the chance of that is at most n²/2^65.
 */
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import type { Batch } from './batch.ts';
import { hashWords, hashWordsAgain } from './hash.ts';
import { filledSlots, readSlots } from './saved.ts';
import { homeOf } from './size.ts';
import { SlotSet } from './slotSet.ts';

/** Of its states only those that wait to be expanded have words. */
export class FingerprintSet extends SlotSet {
  override readonly exact = false;

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

  override expandedBelow(id: number): void {
    this.stored.releaseBelow(id);
  }

  override seal(): void {
    super.seal();
    this.stored.releaseBelow(this.stored.count);
  }

  override save(sink: WordSink): void {
    super.save(sink);
    for (const slots of filledSlots(this.slots)) sink.write(slots);
  }

  override load(source: WordSource): void {
    this.restore(source, (take) => readSlots(source, this.states, take));
  }

  protected override hash(buffer: Int32Array, batch: Batch): void {
    const { offsets, hashes, hashesHigh, count } = batch;
    const words = this.words;
    for (let k = 0; k < count; k++) {
      hashes[k] = hashWords(buffer, offsets[k] as number, words);
      hashesHigh[k] = highHalf(buffer, offsets[k] as number, words);
    }
  }

  protected override place(buffer: Int32Array, batch: Batch): number {
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
}

/** Zero marks an empty slot, so 1 stands for it, too. */
export function highHalf(buffer: Int32Array, from: number, words: number): number {
  return hashWordsAgain(buffer, from, words) || 1;
}

/** n²/2^65: an upper estimate of the chance that of n states two shared a fingerprint. */
export function missedStateOdds(states: number): number {
  return (states * states) / 2 ** 65;
}
