/**
 * The table of all states as threads see it: read by all while a round expands, filled by all when its new states have their ids.
 *
 * In: the parts of a visited set, over shared memory. Out: what is missing; slots that are taken. Never: a growth; the main thread sees to that.
 */
import type { Batch } from '../visited/batch.ts';
import { highHalf } from '../visited/fingerprint.ts';
import { hashWords } from '../visited/hash.ts';
import { homeOf, type Size, sizeOf } from '../visited/size.ts';
import { field, type RecordLayout } from './records.ts';

/** A `RecordStore` seen from outside. */
export interface Segments {
  readonly words: number;
  readonly shift: number;
  readonly mask: number;
  readonly segments: Int32Array[];
}

/** Slots that are read before any of them is written. */
const overlapping = 64;

export abstract class SharedTable {
  /** Whether hashes alone tell states apart. */
  abstract readonly byFingerprint: boolean;
  slots: Int32Array;
  size: Size;
  private touched = 0;

  constructor(
    readonly stored: Segments,
    readonly links: Segments,
    slots: Int32Array,
  ) {
    this.slots = slots;
    this.size = sizeOf(slots.length / 2);
  }

  setSlots(slots: Int32Array): void {
    this.slots = slots;
    this.size = sizeOf(slots.length / 2);
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    const { segments, shift, mask, words } = this.stored;
    const segment = segments[id >>> shift] as Int32Array;
    const base = (id & mask) * words;
    for (let i = 0; i < words; i++) target[to + i] = segment[base + i] as number;
  }

  /** Writes the numbers of those states of the batch that are not in the table to `missing`. Returns how many. */
  missing(buffer: Int32Array, batch: Batch, missing: Int32Array): number {
    const { hashes, count } = batch;
    const { slots } = this;
    const { mask, quarters } = this.size;
    let sum = 0;
    for (let k = 0; k < count; k++) sum ^= slots[2 * homeOf(hashes[k] as number, mask, quarters)] as number;
    this.touched ^= sum;
    return this.sieve(buffer, batch, missing);
  }

  /** Puts the winners among records `from` to below `to` at their ids. Their slots are read first, so that misses overlap. */
  place(arena: Int32Array, layout: RecordLayout, from: number, to: number, firstParent: number, keyBits: number): void {
    const { slots, stored, links, byFingerprint } = this;
    const { mask, quarters } = this.size;
    const { segments, shift, mask: recordMask, words } = stored;
    const { stride, id: idAt, key: keyAt, label: labelAt } = layout;
    const end = to * stride;
    let sum = 0;
    for (let base = from * stride; base < end; base += stride) {
      if ((arena[base + idAt] as number) >= 0) sum ^= slots[2 * homeOf(arena[base + field.hash] as number, mask, quarters)] as number;
    }
    this.touched ^= sum;
    for (let base = from * stride; base < end; base += stride) {
      const id = arena[base + idAt] as number;
      if (id < 0) continue;
      this.put(arena[base + field.hash] as number, byFingerprint ? (arena[base + field.high] as number) : id + 1);
      const segment = segments[id >>> shift] as Int32Array;
      const target = (id & recordMask) * words;
      for (let i = 0; i < words; i++) segment[target + i] = arena[base + field.state + i] as number;
      const link = links.segments[id >>> links.shift] as Int32Array;
      const at = 2 * (id & links.mask);
      link[at] = firstParent + ((arena[base + keyAt] as number) >>> keyBits);
      link[at + 1] = arena[base + labelAt] as number;
    }
  }

  /** Takes over slots `from` to below `to` of a smaller table. */
  move(old: Int32Array, from: number, to: number): void {
    const { slots } = this;
    const { mask, quarters } = this.size;
    for (let part = from; part < to; part += overlapping) {
      const end = 2 * Math.min(to, part + overlapping);
      let sum = 0;
      for (let s = 2 * part; s < end; s += 2) sum ^= slots[2 * homeOf(old[s] as number, mask, quarters)] as number;
      this.touched ^= sum;
      for (let s = 2 * part; s < end; s += 2) if (old[s + 1] !== 0) this.put(old[s] as number, old[s + 1] as number);
    }
  }

  /** Takes a slot for a state that no slot has: `second` is its second word. All that are put at the same time are different. */
  private put(hash: number, second: number): void {
    const { slots } = this;
    const { count, mask, quarters } = this.size;
    let slot = homeOf(hash, mask, quarters);
    while (slots[2 * slot + 1] !== 0 || Atomics.compareExchange(slots, 2 * slot + 1, 0, second) !== 0)
      slot = slot + 1 === count ? 0 : slot + 1;
    slots[2 * slot] = hash;
  }

  abstract hash(buffer: Int32Array, batch: Batch): void;
  protected abstract sieve(buffer: Int32Array, batch: Batch, missing: Int32Array): number;
}

/** Slots of `ExactSet`: hash, and id + 1. */
export class SharedExactTable extends SharedTable {
  override readonly byFingerprint = false;

  override hash(buffer: Int32Array, { offsets, hashes, count }: Batch): void {
    const { words } = this.stored;
    for (let k = 0; k < count; k++) hashes[k] = hashWords(buffer, offsets[k] as number, words);
  }

  protected override sieve(buffer: Int32Array, batch: Batch, missing: Int32Array): number {
    const { offsets, hashes } = batch;
    const { slots } = this;
    const { count, mask, quarters } = this.size;
    const { segments, shift, mask: recordMask, words } = this.stored;
    let found = 0;
    for (let k = 0; k < batch.count; k++) {
      const hash = hashes[k] as number;
      const from = offsets[k] as number;
      for (let slot = homeOf(hash, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
        const id = (slots[2 * slot + 1] as number) - 1;
        if (id < 0) {
          missing[found++] = k;
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
    return found;
  }
}

/** Slots of `FingerprintSet`: low half, and high half, which is never 0. */
export class SharedFingerprintTable extends SharedTable {
  override readonly byFingerprint = true;

  override hash(buffer: Int32Array, { offsets, hashes, hashesHigh, count }: Batch): void {
    const { words } = this.stored;
    for (let k = 0; k < count; k++) {
      hashes[k] = hashWords(buffer, offsets[k] as number, words);
      hashesHigh[k] = highHalf(buffer, offsets[k] as number, words);
    }
  }

  protected override sieve(_: Int32Array, batch: Batch, missing: Int32Array): number {
    const { hashes, hashesHigh } = batch;
    const { slots } = this;
    const { count, mask, quarters } = this.size;
    let found = 0;
    for (let k = 0; k < batch.count; k++) {
      const low = hashes[k] as number;
      const high = hashesHigh[k] as number;
      for (let slot = homeOf(low, mask, quarters); ; slot = slot + 1 === count ? 0 : slot + 1) {
        const slotHigh = slots[2 * slot + 1] as number;
        if (slotHigh === 0) {
          missing[found++] = k;
          break;
        }
        if (slotHigh === high && slots[2 * slot] === low) break;
      }
    }
    return found;
  }
}
