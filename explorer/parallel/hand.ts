/**
 * What one thread does of a round; the main thread is a hand as well.
 *
 * In: chunks of parents, taken from a common cursor. Out: candidates in its arena; then, of any chunk, winners in the table.
 * Never: an order: numbers are given by the main thread between the two.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { Expansion } from '../expansion.ts';
import { ownWord, word } from './control.ts';
import { EventLog, eventWords } from './events.ts';
import type { Common, RoundLoops } from './loops.ts';
import type { RoundBuffers } from './records.ts';

/** Words of a chunk in the list of chunks. */
export const chunkWords = 3;
export const chunkField = { worker: 0, from: 1, to: 2 } as const;

/** Most records of one batch, and words of events. */
export function batchRoom({ buffer, words }: CompiledSystem, chunkParents: number): { records: number; logWords: number } {
  const records = Math.floor(buffer.length / words) - 1;
  return { records, logWords: eventWords * (records + 3 * chunkParents) };
}

export class Hand {
  readonly expansion: Expansion;
  readonly loops: RoundLoops;
  readonly log: EventLog;
  /** Of the round. */
  records = 0;
  /** Bit set of the properties whose scope some state of the round was in. */
  reached = 0;

  private readonly checks: boolean;
  private readonly room: ReturnType<typeof batchRoom>;
  /** The chunk that is being expanded, and what is left of it. */
  private chunk = -1;
  private at = 0;
  private chunkEnd = 0;

  constructor(
    private readonly worker: number,
    system: CompiledSystem,
    private readonly common: Common,
    private buffers: RoundBuffers,
    loopsOf: (expansion: Expansion) => RoundLoops,
    /** Called before a chunk is taken, and where another thread could be faster. */
    private readonly linger: (() => void) | null = null,
  ) {
    this.checks = system.description.properties.some((property) => 'predicate' in property);
    this.room = batchRoom(system, common.chunkParents);
    this.log = new EventLog(buffers.logs[worker] as Int32Array);
    this.expansion = new Expansion(system, this.log);
    this.loops = loopsOf(this.expansion);
  }

  setBuffers(buffers: RoundBuffers): void {
    this.buffers = buffers;
    this.loops.setBuffers(buffers);
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
    const { loops, room } = this;
    const { control, chunks, chunkParents, inject } = this.common;
    if (inject === 'failure' && this.worker > 0) throw new Error('made to fail');
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
      if (this.records + room.records > this.buffers.capacity) return false;
      if (this.log.words.length - this.log.count * eventWords < room.logWords) return false;
      this.at = loops.expand(this.expansion, this.at, this.chunkEnd);
      loops.sift();
      this.linger?.();
      this.records = loops.add(this.records, control[word.first] as number);
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

  /** Fills a table that was made larger. */
  moveSlots(): void {
    do this.linger?.();
    while (this.loops.move(Atomics.add(this.common.control, word.cursor, 1)));
  }

  beginPlacing(): void {
    this.log.count = 0;
    this.reached = 0;
  }

  /** Puts the winners of chunks where they belong, and checks them. */
  placeChunks(): void {
    const { loops, log } = this;
    const { control, chunks } = this.common;
    const tell = log.checked.bind(log);
    for (;;) {
      this.linger?.();
      const chunk = Atomics.add(control, word.cursor, 1);
      if (chunk >= (control[word.chunks] as number)) return;
      const at = chunkWords * chunk;
      const owner = chunks[at + chunkField.worker] as number;
      const from = chunks[at + chunkField.from] as number;
      const to = chunks[at + chunkField.to] as number;
      loops.place(owner, from, to, control[word.first] as number);
      if (this.checks) this.reached |= loops.check(owner, from, to, tell);
    }
  }
}
