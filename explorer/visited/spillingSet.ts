/**
 * A visited set that begins in the memory of the system's module and goes on outside when that memory has come to its end.
 *
 * In: batches. Out: ids, as if it were one set. Never: an end because addresses of 32 bits are used up.
 *
 * States from `upperFrom` on are in `upper`. Of a batch the lower set says which states it does not have; these are sought in the upper one.
 */
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import { Batch, type StateSet } from './batch.ts';
import { ExactSet } from './exact.ts';
import { FingerprintSet } from './fingerprint.ts';
import { ModuleFull, type ModuleSet } from './moduleSet.ts';
import { filledSlots, saveRows } from './saved.ts';
import type { SlotSet } from './slotSet.ts';

export class SpillingSet implements StateSet {
  readonly exact: boolean;
  readonly words: number;
  /** Null as long as the module has room. */
  upper: SlotSet | null = null;
  private readonly rest: Batch;

  constructor(readonly lower: ModuleSet) {
    this.exact = lower.exact;
    this.words = lower.words;
    this.rest = new Batch(lower.batch.capacity);
  }

  get states(): number {
    return this.lower.states + (this.upper?.states ?? 0);
  }

  get bytes(): number {
    return this.lower.bytes + (this.upper?.bytes ?? 0);
  }

  /** What the result says of it; null: nothing. */
  get remark(): string | null {
    if (this.upper === null) return null;
    const megabytes = Math.round(this.lower.bytes / 2 ** 20);
    return `the memory of the WebAssembly module ended at ${megabytes} MiB and ${this.lower.states} states; what came later was kept outside, which is slower`;
  }

  growthBytes(more: number): number {
    return this.upper === null ? this.lower.growthBytes(more) : this.upper.growthBytes(more);
  }

  insert(buffer: Int32Array, batch: Batch): number {
    if (this.upper === null) {
      try {
        return this.lower.insert(buffer, batch);
      } catch (error) {
        if (!(error instanceof ModuleFull)) throw error;
        this.upper = this.emptyUpper();
      }
    }
    return this.insertAbove(buffer, batch, this.upper);
  }

  private emptyUpper(): SlotSet {
    return this.exact ? new ExactSet(this.words) : new FingerprintSet(this.words);
  }

  private insertAbove(buffer: Int32Array, batch: Batch, upper: SlotSet): number {
    const { lower, rest } = this;
    const missing = lower.sift(buffer, batch);
    rest.count = 0;
    for (let i = 0; i < missing; i++) {
      const k = lower.batch.fresh[i] as number;
      rest.add(batch.offsets[k] as number, batch.parents[k] as number, batch.labels[k] as number);
    }
    const made = upper.insert(buffer, rest);
    // In place where the batch is that of the lower set: numbers only grow, so none is read after it was written over.
    for (let i = 0; i < made; i++) batch.fresh[i] = lower.batch.fresh[rest.fresh[i] as number] as number;
    return made;
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    const above = id - this.lower.states;
    if (this.upper === null || above < 0) this.lower.copyTo(id, target, to);
    else this.upper.copyTo(above, target, to);
  }

  expandedBelow(id: number): void {
    this.lower.expandedBelow(Math.min(id, this.lower.states));
    if (id > this.lower.states) this.upper?.expandedBelow(id - this.lower.states);
  }

  parentOf(id: number): number {
    const above = id - this.lower.states;
    return this.upper === null || above < 0 ? this.lower.parentOf(id) : this.upper.parentOf(above);
  }

  labelOf(id: number): number {
    const above = id - this.lower.states;
    return this.upper === null || above < 0 ? this.lower.labelOf(id) : this.upper.labelOf(above);
  }

  find(buffer: Int32Array, from: number): number {
    const below = this.lower.find(buffer, from);
    if (below >= 0 || !(this.upper instanceof ExactSet)) return below;
    const above = this.upper.find(buffer, from);
    return above < 0 ? -1 : this.lower.states + above;
  }

  seal(): void {
    this.lower.seal();
    this.upper?.seal();
  }

  save(sink: WordSink): void {
    const { lower, upper, states, words } = this;
    if (upper === null) {
      lower.save(sink);
      return;
    }
    const first = lower.firstKept < lower.states ? lower.firstKept : lower.states + upper.stored.firstKept;
    saveRows(sink, { width: words, first, count: states }, (from, to, target) => {
      for (let id = from; id < to; id++) this.copyTo(id, target, (id - from) * words);
    });
    saveRows(sink, { width: 2, first: 0, count: states }, (from, to, target) => {
      for (let id = from; id < to; id++) target.set([this.parentOf(id), this.labelOf(id)], 2 * (id - from));
    });
    if (!this.exact) for (const { slots } of [lower, upper]) for (const filled of filledSlots(slots)) sink.write(filled);
  }

  /** Into the module if there is room for all of it, else outside. */
  load(source: WordSource): void {
    const begun: Int32Array[] = [];
    const heard: WordSource = {
      read: (words) => {
        source.read(words);
        if (begun.length < 2) begun.push(words.slice());
      },
    };
    try {
      this.lower.load(heard);
    } catch (error) {
      if (!(error instanceof ModuleFull)) throw error;
      // Two numbers were read so far.
      const again: WordSource = {
        read: (words) => {
          const kept = begun.shift();
          if (kept === undefined) source.read(words);
          else words.set(kept);
        },
      };
      this.upper = this.emptyUpper();
      this.upper.load(again);
    }
  }
}
