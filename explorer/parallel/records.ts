/**
 * Candidates of a round: successors that the table of all states does not have, in the arena of the worker who made them.
 *
 * In: shared words. Out: where what lies. Never: a state that is known.
 *
 * The round table finds them by their hash: one word a slot, high bits of the hash and 1 + the number of the record that came first,
 * put there by one compare-and-exchange. In that record's `least` word is the least key of all candidates that are the same state; so whoever
 * has the least key in the end is the step by which one worker alone would have found the state.
 */
import { type Allocate, sharedWords } from '../visited/store.ts';

export const field = {
  least: 0,
  hash: 1,
  high: 2,
  /** The words of the state. */
  state: 3,
} as const;
/** Behind the words of the state. */
const behind = { key: 0, first: 1, label: 2, id: 3, count: 4 } as const;

export class RecordLayout {
  readonly stride: number;
  readonly key: number;
  readonly first: number;
  readonly label: number;
  readonly id: number;
  /** A record's number is its index in the arena times 2^workerBits, and the worker. */
  readonly workerBits: number;

  constructor(
    readonly words: number,
    workers: number,
  ) {
    const from = field.state + words;
    this.key = from + behind.key;
    this.first = from + behind.first;
    this.label = from + behind.label;
    this.id = from + behind.id;
    this.stride = from + behind.count;
    this.workerBits = 32 - Math.clz32(workers - 1);
  }
}

/** Buffers of a round; all arenas have room for as many records. */
export interface RoundBuffers {
  readonly arenas: readonly Int32Array[];
  readonly table: Int32Array;
  /** Records that an arena has room for. */
  readonly capacity: number;
  /** Logs of what was met, one a worker. */
  readonly logs: readonly Int32Array[];
}

/** For so many records of each worker, and words of his log. */
export interface Room {
  readonly records: number;
  readonly logWords: number;
}

/** Of `newBuffers` with the same arguments. */
export function bufferBytes({ stride, workerBits }: RecordLayout, workers: number, { records, logWords }: Room): number {
  const capacity = 2 ** Math.ceil(Math.log2(records));
  return 4 * (workers * (capacity * stride + logWords) + ((2 * capacity) << workerBits));
}

/** `records` is rounded up to a power of two; arenas lie one behind the other, as far apart as the first two. */
export function newBuffers(layout: RecordLayout, workers: number, { records, logWords }: Room, allocate: Allocate): RoundBuffers {
  const capacity = 2 ** Math.ceil(Math.log2(records));
  // Half full at most, so that nobody need count what others put there.
  return {
    arenas: Array.from({ length: workers }, () => allocate(capacity * layout.stride)),
    table: allocate((2 * capacity) << layout.workerBits),
    capacity,
    logs: Array.from({ length: workers }, () => sharedWords(logWords)),
  };
}

/** Twice as large, with the same content; `records` of each worker. Nobody works meanwhile. */
export function enlarged(buffers: RoundBuffers, layout: RecordLayout, records: readonly number[], allocate: Allocate): RoundBuffers {
  const workers = buffers.arenas.length;
  const room = { records: 2 * buffers.capacity, logWords: 2 * (buffers.logs[0] as Int32Array).length };
  const made = newBuffers(layout, workers, room, allocate);
  buffers.arenas.forEach((arena, worker) => {
    made.arenas[worker]?.set(arena);
  });
  buffers.logs.forEach((log, worker) => {
    made.logs[worker]?.set(log);
  });
  const mask = numberMask(made, layout);
  const { table } = made;
  made.arenas.forEach((arena, worker) => {
    for (let record = 0; record < (records[worker] as number); record++) {
      const number = (record << layout.workerBits) | worker;
      if (arena[record * layout.stride + layout.first] !== number) continue;
      const hash = arena[record * layout.stride + field.hash] as number;
      let slot = (hash >>> homeShift) & (table.length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = (hash & ~mask) | (number + 1);
    }
  });
  return made;
}

/** The bits of a slot of the round table that hold the number; the others hold bits of the hash. */
export function numberMask({ capacity }: RoundBuffers, { workerBits }: RecordLayout): number {
  return 2 ** (32 - Math.clz32(capacity << workerBits)) - 1;
}

/** Bits of a hash that are left out of its place in the round table. */
export const homeShift = 5;
