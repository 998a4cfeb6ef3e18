/**
 * The loops of a round over arrays of the engine.
 *
 * In: a system of any back end, the table as threads see it. Out: as `RoundLoops`. Never: an access to the table of all states that writes while others read.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import type { Expansion } from '../expansion.ts';
import { meetings } from '../findings.ts';
import { Batch } from '../visited/batch.ts';
import type { Common, News, RoundLoops } from './loops.ts';
import { field, homeShift, numberMask, type RoundBuffers } from './records.ts';
import type { SharedTable } from './tables.ts';

/** Slots of an old table that are taken over at a time. */
const movedSlots = 1 << 12;

export class OutsideLoops implements RoundLoops {
  private numbers: number;
  private readonly batch: Batch;
  /** Numbers of those of the batch that are missing, and how many they are. */
  private readonly missing: Int32Array;
  private missed = 0;
  private readonly meetings: number;
  private old: Int32Array = new Int32Array(2);

  constructor(
    private readonly worker: number,
    private readonly system: CompiledSystem,
    private readonly common: Common,
    private readonly table: SharedTable,
    private buffers: RoundBuffers,
  ) {
    const room = Math.floor(system.buffer.length / system.words) - 1;
    this.batch = new Batch(room);
    this.missing = new Int32Array(room);
    this.meetings = meetings(system);
    this.numbers = numberMask(buffers, common.layout);
  }

  learn({ slots, stored = [], links = [], released = 0 }: News): void {
    const { table } = this;
    if (slots !== undefined) {
      this.old = table.slots;
      table.setSlots(slots);
    }
    const { segments } = table.stored;
    segments.push(...stored);
    table.links.segments.push(...links);
    for (let n = released - 1; n >= 0 && (segments[n]?.length ?? 0) > 0; n--) segments[n] = new Int32Array(0);
  }

  setBuffers(buffers: RoundBuffers): void {
    this.buffers = buffers;
    this.numbers = numberMask(buffers, this.common.layout);
  }

  expand(expansion: Expansion, first: number, end: number): number {
    const { system, batch, table } = this;
    const { words, buffer, successorsMax } = system;
    const last = buffer.length - successorsMax * words;
    let out = words;
    let parent = first;
    batch.count = 0;
    for (; parent < end && out <= last; parent++) {
      table.copyTo(parent, buffer, 0);
      out += expansion.expand(parent, out, batch) * words;
    }
    return parent;
  }

  sift(): void {
    const { batch, system, table } = this;
    table.hash(system.buffer, batch);
    this.missed = table.missing(system.buffer, batch, this.missing);
  }

  add(from: number, first: number): number {
    const { batch, missing, missed, worker, numbers } = this;
    const { layout, keyBits } = this.common;
    const { arenas, table } = this.buffers;
    const { hashes, parents } = batch;
    const { workerBits, stride } = layout;
    const own = arenas[worker] as Int32Array;
    const mask = table.length - 1;
    const workerMask = (1 << workerBits) - 1;
    const tagMask = ~numbers;
    let records = from;
    for (let m = 0; m < missed; m++) {
      const k = missing[m] as number;
      const key = (((parents[k] as number) - first) << keyBits) | k;
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
    return records;
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

  place(owner: number, from: number, to: number, first: number): void {
    const { layout, keyBits } = this.common;
    this.table.place(this.buffers.arenas[owner] as Int32Array, layout, from, to, first, keyBits);
  }

  check(owner: number, from: number, to: number, tell: (id: number, violated: number, met: number) => void): number {
    const { system, meetings } = this;
    const { buffer, words } = system;
    const { stride, id: idAt } = this.common.layout;
    const arena = this.buffers.arenas[owner] as Int32Array;
    let all = 0;
    for (let base = from * stride; base < to * stride; base += stride) {
      const id = arena[base + idAt] as number;
      if (id < 0) continue;
      for (let i = 0; i < words; i++) buffer[words + i] = arena[base + field.state + i] as number;
      const violated = system.check(words) & ~meetings;
      const reached = system.reachedMask();
      all |= reached;
      if ((violated | (reached & meetings)) !== 0) tell(id, violated, reached & meetings);
    }
    return all;
  }

  move(part: number): boolean {
    const { old } = this;
    const from = part * movedSlots;
    const slots = old.length / 2;
    if (from >= slots) return false;
    this.table.move(old, from, Math.min(from + movedSlots, slots));
    return true;
  }
}
