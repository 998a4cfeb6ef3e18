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
import { field, homeInRound, numberMask, type RecordLayout, type RoundBuffers } from './records.ts';
import type { SharedTable } from './tables.ts';

/** Words of a chunk in the list of chunks. */
export const chunkWords = 3;
export const chunkField = { worker: 0, from: 1, to: 2 } as const;

/** Errors that tests make on purpose. */
export type Inject = 'noMinimum' | 'byArrival';

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
  private readonly checks: boolean;
  private readonly meetings: number;
  /** The chunk that is being expanded, and what is left of it. */
  private chunk = -1;
  private at = 0;
  private chunkEnd = 0;
  private written = false;

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
    const { control, chunks, chunkParents } = this.common;
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

  private addCandidates(): void {
    const { batch, missing, system } = this;
    const { keyBits, control } = this.common;
    const count = this.table.missing(system.buffer, batch, missing);
    this.linger?.();
    const first = control[word.first] as number;
    let parent = -1;
    let ordinal = 0;
    for (let m = 0; m < count; m++) {
      const k = missing[m] as number;
      if (batch.parents[k] === parent) ordinal++;
      else {
        parent = batch.parents[k] as number;
        ordinal = 0;
      }
      this.addCandidate(k, ((parent - first) << keyBits) | ordinal);
    }
  }

  private addCandidate(k: number, key: number): void {
    const { arenas, table } = this.buffers;
    const { workerBits, stride } = this.common.layout;
    const hash = this.batch.hashes[k] as number;
    const tagMask = ~this.numbers;
    const number = (this.records << workerBits) | this.worker;
    const mine = (hash & tagMask) | (number + 1);
    const mask = table.length - 1;
    this.written = false;
    for (let slot = homeInRound(hash, table.length); ; slot = (slot + 1) & mask) {
      let there = table[slot] as number;
      if (there === 0) {
        if (!this.written) this.writeRecord(k, key, number);
        there = Atomics.compareExchange(table, slot, 0, mine);
        if (there === 0) {
          this.records++;
          return;
        }
      }
      if (((there ^ mine) & tagMask) !== 0) continue;
      const other = (there & this.numbers) - 1;
      const arena = arenas[other & ((1 << workerBits) - 1)] as Int32Array;
      const base = (other >>> workerBits) * stride;
      if (!this.isSame(arena, base, k)) {
        // On some machines words may be seen later than their number; after this they are there.
        Atomics.load(table, slot);
        if (!this.isSame(arena, base, k)) continue;
      }
      this.lower(arena, base, other, k, key);
      return;
    }
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

  /** The state of batch number `k` is that of the record at `base`: a candidate, too, if its key is less than any. */
  private lower(arena: Int32Array, base: number, other: number, k: number, key: number): void {
    if (this.common.inject === 'noMinimum') return;
    const { layout } = this.common;
    // It only falls, so an old value will do to see that this one is no less.
    let least = arena[base + field.least] as number;
    if (key >= least) return;
    const number = (this.records << layout.workerBits) | this.worker;
    if (!this.written) this.writeRecord(k, key, number);
    const own = this.buffers.arenas[this.worker] as Int32Array;
    own[this.records * layout.stride + layout.first] = other;
    for (;;) {
      const before = Atomics.compareExchange(arena, base + field.least, least, key);
      if (before === least) {
        this.records++;
        return;
      }
      least = before;
      if (key >= least) return;
    }
  }

  private writeRecord(k: number, key: number, number: number): void {
    const { batch, system } = this;
    const { layout } = this.common;
    const { buffer, words } = system;
    const arena = this.buffers.arenas[this.worker] as Int32Array;
    const base = this.records * layout.stride;
    const from = batch.offsets[k] as number;
    arena[base + field.least] = key;
    arena[base + field.hash] = batch.hashes[k] as number;
    arena[base + field.high] = batch.hashesHigh[k] as number;
    for (let i = 0; i < words; i++) arena[base + field.state + i] = buffer[from + i] as number;
    arena[base + layout.key] = key;
    arena[base + layout.first] = number;
    arena[base + layout.label] = batch.labels[k] as number;
    this.written = true;
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
    const { table, system } = this;
    const { buffer, words } = system;
    const { layout, keyBits, control } = this.common;
    const { stride } = layout;
    const arena = this.buffers.arenas[owner] as Int32Array;
    const first = control[word.first] as number;
    for (let record = from; record < to; record++) {
      const base = record * stride;
      const id = arena[base + layout.id] as number;
      if (id < 0) continue;
      table.write(
        id,
        arena,
        base + field.state,
        first + ((arena[base + layout.key] as number) >>> keyBits),
        arena[base + layout.label] as number,
      );
      table.put(id, arena[base + field.hash] as number, arena[base + field.high] as number);
      if (!this.checks) continue;
      for (let i = 0; i < words; i++) buffer[words + i] = arena[base + field.state + i] as number;
      const violated = system.check(words);
      const reached = system.reachedMask();
      this.reached |= reached;
      const bad = violated & ~this.meetings;
      const met = reached & this.meetings;
      if ((bad | met) !== 0) this.log.checked(id, bad, met);
    }
  }
}
