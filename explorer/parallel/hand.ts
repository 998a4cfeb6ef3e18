/**
 * What one thread does of a round; the main thread is a hand as well.
 *
 * In: chunks of parents, taken from a common cursor. Out: candidates in its arena; then, of any chunk, winners in the table.
 * Never: an order: numbers are given by the main thread between the two.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { Expansion } from '../expansion.ts';
import { meetings } from '../findings.ts';
import { Batch } from '../visited/batch.ts';
import { ownWord, word } from './control.ts';
import { EventLog, eventWords } from './events.ts';
import { field, homeShift, numberMask, type RecordLayout, type RoundBuffers } from './records.ts';
import type { SharedTable } from './tables.ts';

/** Slots of an old table that a hand takes at a time. */
const moveSlots = 1 << 12;

/** Words of a chunk in the list of chunks. */
export const chunkWords = 3;
export const chunkField = { worker: 0, from: 1, to: 2 } as const;

/** Errors that tests make on purpose. */
export type Inject = 'noMinimum' | 'byArrival' | 'failure';

/** Most records of one batch, and words of events. */
export function batchRoom({ buffer, words }: CompiledSystem, chunkParents: number): { records: number; logWords: number } {
  const records = Math.floor(buffer.length / words) - 1;
  return { records, logWords: eventWords * (records + 3 * chunkParents) };
}

/** What all hands of a crew have in common. */
export interface Common {
  readonly control: Int32Array;
  /** By chunk: who took it, and which records of his are its. */
  readonly chunks: Int32Array;
  readonly layout: RecordLayout;
  readonly chunkParents: number;
  /** A key is the number of the parent in the round times 2^keyBits, and a number among its successors. */
  readonly keyBits: number;
  readonly inject?: Inject | undefined;
}

export class Hand {
  readonly expansion: Expansion;
  readonly log: EventLog;
  /** Of the round. */
  records = 0;
  /** Bit set of the properties whose scope some state of the round was in. */
  reached = 0;

  private buffers: RoundBuffers;
  private numbers: number;
  private readonly batch: Batch;
  private readonly missing: Int32Array;
  /** By number in the batch. */
  private readonly keys: Int32Array;
  private readonly checks: boolean;
  private readonly meetings: number;
  /** The chunk that is being expanded, and what is left of it. */
  private chunk = -1;
  private at = 0;
  private chunkEnd = 0;

  constructor(
    private readonly worker: number,
    private readonly system: CompiledSystem,
    private readonly common: Common,
    private readonly table: SharedTable,
    buffers: RoundBuffers,
    /** Called before a chunk is taken, and where another thread could be faster. */
    private readonly linger: (() => void) | null = null,
  ) {
    const room = Math.floor(system.buffer.length / system.words) - 1;
    this.batch = new Batch(room);
    this.missing = new Int32Array(room);
    this.keys = new Int32Array(room);
    this.checks = system.description.properties.some((property) => 'predicate' in property);
    this.meetings = meetings(system);
    this.buffers = buffers;
    this.numbers = numberMask(buffers, common.layout);
    this.log = new EventLog(buffers.logs[worker] as Int32Array);
    this.expansion = new Expansion(system, this.log);
  }

  setBuffers(buffers: RoundBuffers): void {
    this.buffers = buffers;
    this.numbers = numberMask(buffers, this.common.layout);
    this.log.words = buffers.logs[this.worker] as Int32Array;
  }

  /** Forgets the round before. */
  begin(): void {
    this.records = 0;
    this.log.count = 0;
    this.chunk = -1;
    this.at = 0;
    this.chunkEnd = 0;
    this.expansion.transitions = 0;
    this.expansion.quiescent = 0;
  }

  /** Expands chunks while there are any. False: its buffers are too small to go on. */
  expandChunks(): boolean {
    const { control, chunks, chunkParents, inject } = this.common;
    if (inject === 'failure' && this.worker > 0) throw new Error('made to fail');
    const { records, logWords } = batchRoom(this.system, chunkParents);
    for (;;) {
      if (this.at === this.chunkEnd) {
        if (this.chunk >= 0) chunks[chunkWords * this.chunk + chunkField.to] = this.records;
        this.linger?.();
        this.chunk = Atomics.add(control, word.cursor, 1);
        if (this.chunk >= (control[word.chunks] as number)) {
          this.chunk = -1;
          return true;
        }
        chunks[chunkWords * this.chunk + chunkField.worker] = this.worker;
        chunks[chunkWords * this.chunk + chunkField.from] = this.records;
        this.at = (control[word.first] as number) + this.chunk * chunkParents;
        this.chunkEnd = Math.min(this.at + chunkParents, control[word.end] as number);
      }
      if (this.records + records > this.buffers.capacity || this.log.words.length - this.log.count * eventWords < logWords) return false;
      this.expandBatch();
      this.addCandidates();
    }
  }

  /** Writes how much there is of what, for the main thread. */
  report(): void {
    const { control } = this.common;
    control[ownWord(this.worker, 'records')] = this.records;
    control[ownWord(this.worker, 'events')] = this.log.count;
    control[ownWord(this.worker, 'transitions')] = this.expansion.transitions;
    control[ownWord(this.worker, 'quiescent')] = this.expansion.quiescent;
    control[ownWord(this.worker, 'reached')] = this.reached;
  }

  private expandBatch(): void {
    const { system, batch, table, expansion } = this;
    const { words, buffer, successorsMax } = system;
    const last = buffer.length - successorsMax * words;
    let out = words;
    let parent = this.at;
    batch.count = 0;
    for (; parent < this.chunkEnd && out <= last; parent++) {
      table.copyTo(parent, buffer, 0);
      out += expansion.expand(parent, out, batch) * words;
    }
    this.at = parent;
  }

  /** Everything that is in neither table gets a record, and so does what is found by a step that comes before. */
  private addCandidates(): void {
    const { batch, missing, worker, numbers, keys } = this;
    const { layout } = this.common;
    const { arenas, table } = this.buffers;
    const { buffer } = this.system;
    const { hashes } = batch;
    const { workerBits, stride } = layout;
    const own = arenas[worker] as Int32Array;
    this.table.hash(buffer, batch);
    this.setKeys();
    const count = this.table.missing(buffer, batch, missing, this.notInRound());
    this.linger?.();
    const mask = table.length - 1;
    const workerMask = (1 << workerBits) - 1;
    const tagMask = ~numbers;
    let { records } = this;
    for (let m = 0; m < count; m++) {
      const k = missing[m] as number;
      const key = keys[k] as number;
      const hash = hashes[k] as number;
      const number = (records << workerBits) | worker;
      const mine = (hash & tagMask) | (number + 1);
      let written = false;
      for (let slot = (hash >>> homeShift) & mask; ; slot = (slot + 1) & mask) {
        let there = table[slot] as number;
        if (there === 0) {
          if (!written) this.writeRecord(own, records * stride, k, key, number);
          written = true;
          there = Atomics.compareExchange(table, slot, 0, mine);
          if (there === 0) {
            records++;
            break;
          }
        }
        if (((there ^ mine) & tagMask) !== 0) continue;
        const other = (there & numbers) - 1;
        const arena = arenas[other & workerMask] as Int32Array;
        const base = (other >>> workerBits) * stride;
        if (!this.isSame(arena, base, k)) {
          // On some machines words may be seen later than their number; after this they are there.
          Atomics.load(table, slot);
          if (!this.isSame(arena, base, k)) continue;
        }
        // The least key only falls, so an old value will do to see that this one is no less.
        if (key >= (arena[base + field.least] as number)) break;
        if (!written) this.writeRecord(own, records * stride, k, key, number);
        own[records * stride + layout.first] = other;
        if (this.lower(arena, base, key)) records++;
        break;
      }
    }
    this.records = records;
  }

  private setKeys(): void {
    const { batch, keys } = this;
    const { control, keyBits } = this.common;
    const { parents, count } = batch;
    const first = control[word.first] as number;
    let parent = -1;
    let ordinal = 0;
    for (let k = 0; k < count; k++) {
      ordinal = parents[k] === parent ? ordinal + 1 : 0;
      parent = parents[k] as number;
      keys[k] = ((parent - first) << keyBits) | ordinal;
    }
  }

  /**
   * Writes the numbers of those states of the batch into `missing` of which the round has no record with as small a key. Many steps lead to the
   * states of one round, and its table is in the cache.
   */
  private notInRound(): number {
    const { batch, missing, numbers, keys } = this;
    const { arenas, table } = this.buffers;
    const { workerBits, stride } = this.common.layout;
    const { hashes } = batch;
    const mask = table.length - 1;
    const workerMask = (1 << workerBits) - 1;
    let count = 0;
    for (let k = 0; k < batch.count; k++) {
      const hash = hashes[k] as number;
      for (let slot = (hash >>> homeShift) & mask; ; slot = (slot + 1) & mask) {
        const there = table[slot] as number;
        if (there === 0) {
          missing[count++] = k;
          break;
        }
        if (((there ^ hash) & ~numbers) !== 0) continue;
        const other = (there & numbers) - 1;
        const arena = arenas[other & workerMask] as Int32Array;
        const base = (other >>> workerBits) * stride;
        if (!this.isSame(arena, base, k)) continue;
        if ((keys[k] as number) < (arena[base + field.least] as number)) missing[count++] = k;
        break;
      }
    }
    return count;
  }

  private isSame(arena: Int32Array, base: number, k: number): boolean {
    const { batch, system } = this;
    if (arena[base + field.hash] !== batch.hashes[k]) return false;
    if (this.table.byFingerprint) return arena[base + field.high] === batch.hashesHigh[k];
    const { buffer, words } = system;
    const from = batch.offsets[k] as number;
    for (let i = 0; i < words; i++) if (arena[base + field.state + i] !== buffer[from + i]) return false;
    return true;
  }

  /** Lowers the least key of the record at `base`. False: it is as low already. */
  private lower(arena: Int32Array, base: number, key: number): boolean {
    if (this.common.inject === 'noMinimum') return false;
    let least = Atomics.load(arena, base + field.least);
    while (key < least) {
      const before = Atomics.compareExchange(arena, base + field.least, least, key);
      if (before === least) return true;
      least = before;
    }
    return false;
  }

  private writeRecord(own: Int32Array, base: number, k: number, key: number, number: number): void {
    const { batch, system } = this;
    const { layout } = this.common;
    const { buffer, words } = system;
    const from = batch.offsets[k] as number;
    own[base + field.least] = key;
    own[base + field.hash] = batch.hashes[k] as number;
    own[base + field.high] = batch.hashesHigh[k] as number;
    for (let i = 0; i < words; i++) own[base + field.state + i] = buffer[from + i] as number;
    own[base + layout.key] = key;
    own[base + layout.first] = number;
    own[base + layout.label] = batch.labels[k] as number;
  }

  /** Fills a table that was made larger. */
  moveSlots(old: Int32Array): void {
    const { control } = this.common;
    const slots = old.length / 2;
    for (;;) {
      this.linger?.();
      const from = Atomics.add(control, word.cursor, 1) * moveSlots;
      if (from >= slots) return;
      this.table.move(old, from, Math.min(from + moveSlots, slots));
    }
  }

  beginPlacing(): void {
    this.log.count = 0;
    this.reached = 0;
  }

  /** Puts the winners of chunks where they belong, and checks them. */
  placeChunks(): void {
    const { control, chunks } = this.common;
    for (;;) {
      this.linger?.();
      const chunk = Atomics.add(control, word.cursor, 1);
      if (chunk >= (control[word.chunks] as number)) return;
      const at = chunkWords * chunk;
      this.placeRecords(
        chunks[at + chunkField.worker] as number,
        chunks[at + chunkField.from] as number,
        chunks[at + chunkField.to] as number,
      );
    }
  }

  private placeRecords(owner: number, from: number, to: number): void {
    const { table } = this;
    const { layout, keyBits, control } = this.common;
    const arena = this.buffers.arenas[owner] as Int32Array;
    table.place(arena, layout, from, to, control[word.first] as number, keyBits);
    if (this.checks) this.check(arena, from, to);
  }

  private check(arena: Int32Array, from: number, to: number): void {
    const { system, meetings } = this;
    const { buffer, words } = system;
    const { stride, id: idAt } = this.common.layout;
    for (let base = from * stride; base < to * stride; base += stride) {
      const id = arena[base + idAt] as number;
      if (id < 0) continue;
      for (let i = 0; i < words; i++) buffer[words + i] = arena[base + field.state + i] as number;
      const violated = system.check(words) & ~meetings;
      const reached = system.reachedMask();
      this.reached |= reached;
      if ((violated | (reached & meetings)) !== 0) this.log.checked(id, violated, reached & meetings);
    }
  }
}
