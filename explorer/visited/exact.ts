/**
 * The exact visited set: a table of (hash, id) before a store of whole states.
 *
 * In: batches. Out: ids. Never: two different states taken for one.
 *
 * Slot s is words 2s (the 32-bit hash of the state) and 2s+1 (id + 1; 0 is empty). Words are compared only where all 32 bits agree.
 */
import type { WordSource } from '../checkpoint/words.ts';
import type { Batch, StateSet } from './batch.ts';
import { hashWords } from './hash.ts';
import { homeOf } from './size.ts';
import { SlotSet } from './slotSet.ts';

export class ExactSet extends SlotSet implements StateSet {
  override readonly exact = true;

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

  override expandedBelow(): void {}

  /** The table is made anew from the states. */
  override load(source: WordSource): void {
    const { words, stored } = this;
    this.restore(source, (take) => {
      const { segments, shift, mask } = stored;
      for (let id = 0; id < stored.count; id++) {
        take(hashWords(segments[id >>> shift] as Int32Array, (id & mask) * words, words), id + 1);
      }
    });
  }

  protected override hash(buffer: Int32Array, batch: Batch): void {
    const { offsets, hashes, count } = batch;
    const words = this.words;
    for (let k = 0; k < count; k++) hashes[k] = hashWords(buffer, offsets[k] as number, words);
  }

  protected override place(buffer: Int32Array, batch: Batch): number {
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
}
