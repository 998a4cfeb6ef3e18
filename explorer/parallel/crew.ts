/**
 * The threads of a search, and its rounds as the main thread leads them.
 *
 * In: a search between two batches, over shared memory. Out: the same search some thousand parents later, with the same ids, links and
 * findings as if the main thread had gone that way alone. Never: an order that depends on who was faster.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { CompiledSystem } from '../../compiler/index.ts';
import type { Expansion } from '../expansion.ts';
import { RenamingLost } from '../reductions/lost.ts';
import type { Search, Threads } from '../search.ts';
import { sharedWords } from '../visited/store.ts';
import { closeGate, controlWords, openGate, othersAreDone, ownWord, reopenGate, resumePaused, task, word } from './control.ts';
import { addCounters, counterWords } from './counters.ts';
import { eventKind, eventWords, inOrder } from './events.ts';
import { FaultNumbers } from './faultNumbers.ts';
import type { Ground } from './ground.ts';
import { batchRoom, chunkField, chunkWords, Hand } from './hand.ts';
import { lingerer } from './linger.ts';
import type { Common } from './loops.ts';
import { arrayBytes } from './moduleLoops.ts';
import { bufferBytes, enlarged, field, newBuffers, RecordLayout, type Room, type RoundBuffers } from './records.ts';
import type { Failure, ThreadStart, Update } from './thread.ts';
import { type Tuning, workerFile } from './tuning.ts';

/** Milliseconds for which the main thread waits before it lets timers and signals run. */
const patienceMs = 200;
/** Makes the cursor point behind all chunks. */
const beyond = 1 << 28;
/** New states of a parent, in a round, that are not expected to be surpassed. */
const spare = 8;

/** Shared memory that a crew takes beside the visited set, at first. */
export function crewBytes(system: CompiledSystem, workers: number, tuning: Tuning): number {
  const { native } = system;
  const besides = native === undefined ? 0 : workers * (native.free + arrayBytes(system));
  return besides + bufferBytes(new RecordLayout(system.words, workers), workers, firstRoom(system, tuning));
}

/** There must be room for a batch at least. */
function firstRoom(system: CompiledSystem, { chunkParents, records }: Tuning): Room {
  const { records: least, logWords } = batchRoom(system, chunkParents);
  return { records: Math.max(records, least), logWords };
}

export class Crew implements Threads {
  private failure: Error | null = null;
  private readonly common: Common;
  private readonly hand: Hand;
  private readonly threads: Worker[] = [];
  private readonly ports: MessagePort[] = [];
  private readonly counters: Int32Array[] = [];
  private readonly taken: Int32Array[] = [];
  private readonly faults: FaultNumbers;
  private buffers: RoundBuffers;
  /** The buffers that workers were told of. */
  private told: RoundBuffers | null = null;
  /** When to end the round that is under way. */
  private deadline = 0;
  /** Chunks that were taken before that; null: all. */
  private cutAt: number | null = null;

  constructor(
    private readonly search: Search,
    private readonly ground: Ground,
    /** Threads that expand, the main thread included. */
    private readonly workers: number,
    private readonly tuning: Tuning,
  ) {
    const { system } = search;
    const { chunkParents, roundParents, inject } = tuning;
    const layout = new RecordLayout(system.words, workers);
    this.common = {
      control: sharedWords(controlWords(workers)),
      chunks: sharedWords(chunkWords * Math.ceil(roundParents / chunkParents)),
      layout,
      chunkParents,
      keyBits: 32 - Math.clz32(batchRoom(system, chunkParents).records - 1),
      inject,
    };
    this.buffers = newBuffers(layout, workers, firstRoom(system, tuning), ground.allocate);
    const linger = tuning.lingering === null ? null : lingerer(tuning.lingering);
    const pause = () => {
      this.endInTime();
      linger?.();
    };
    const loopsOf = (expansion: Expansion) => ground.loops(expansion, this.common, this.buffers);
    this.hand = new Hand(0, system, this.common, this.buffers, loopsOf, pause);
    this.faults = new FaultNumbers(system, workers);
    for (let worker = 1; worker < workers; worker++) {
      const { port1, port2 } = new MessageChannel();
      const counters = sharedWords(counterWords(system));
      const { layout: _, ...common } = this.common;
      const start: ThreadStart = {
        worker,
        workers,
        common,
        ground: ground.startOf(worker),
        buffers: this.buffers,
        counters,
        port: port2,
        lingering: tuning.lingering === null ? null : { ...tuning.lingering, seed: tuning.lingering.seed + worker },
      };
      const thread = new Worker(workerFile(), { workerData: start, transferList: [port2] });
      thread.on('error', (error) => {
        this.failure ??= new Error(`worker ${worker} failed: ${error instanceof Error ? error.message : String(error)}`);
      });
      thread.on('exit', () => {
        this.failure ??= new Error(`worker ${worker} has ended before its time`);
      });
      this.threads.push(thread);
      this.ports.push(port1);
      this.counters.push(counters);
      this.taken.push(new Int32Array(counters.length));
    }
  }

  get bytes(): number {
    const { capacity: records, logs } = this.buffers;
    const logWords = (logs[0] as Int32Array).length;
    const { taken } = this.ground;
    return taken === null ? bufferBytes(this.common.layout, this.workers, { records, logWords }) : taken + 4 * this.workers * logWords;
  }

  /** Whether all workers have the system. Throws what a worker failed with. */
  get ready(): boolean {
    this.throwFailure();
    return Atomics.load(this.common.control, word.ready) === this.workers - 1;
  }

  /** Whether what is left of the level is worth a round. */
  wants(): boolean {
    const { search, tuning } = this;
    const left = search.levelEnd - search.next;
    if (left < tuning.minParents || !this.ground.usable || !this.ready) return false;
    // Near a limit the main thread goes on alone, so that it ends at the same batch.
    const { states } = search.options.limits ?? {};
    return states === undefined || search.visited.states + spare * Math.min(left, tuning.roundParents) < states;
  }

  /** One round. Gives back whether there was memory for it; yields while it waits for long. */
  *round(): Generator<void, boolean> {
    const { search, ground, hand } = this;
    const { visited } = search;
    const { control, chunkParents } = this.common;
    const first = search.next;
    const end = Math.min(search.levelEnd, first + this.tuning.roundParents);
    control[word.first] = first;
    control[word.end] = end;
    control[word.chunks] = Math.ceil((end - first) / chunkParents);
    this.deadline = performance.now() + this.tuning.roundMs;
    this.cutAt = null;
    this.buffers.table.fill(0);
    hand.begin();
    yield* this.expand();
    this.deadline = Number.POSITIVE_INFINITY;
    const chunks = this.cutAt ?? (control[word.chunks] as number);
    const made = this.number(chunks, visited.states) - visited.states;
    const last = Math.min(end, first + chunks * chunkParents);
    this.tell();
    search.next = last;
    if (!search.hasMemory(ground.growthBytes(made))) return false;
    if (yield* ground.makeRoom(made, () => this.move())) {
      if (search.checks) this.roomForChecks(made);
      control[word.chunks] = chunks;
      yield* this.place();
      ground.added(made);
      this.tellChecks();
    } else if (!this.placeAlone(chunks)) return false;
    visited.expandedBelow(last);
    return true;
  }

  /** Adds what workers have counted to the counters of the system. Not while a round is under way. */
  settle(): void {
    this.counters.forEach((now, k) => {
      addCounters(this.search.system, now, this.taken[k] as Int32Array);
    });
  }

  async stop(): Promise<void> {
    this.failure ??= new Error('the workers were sent home');
    for (const port of this.ports) port.close();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  private *expand(): Generator<void, void> {
    const { control } = this.common;
    this.open(task.expand);
    for (;;) {
      const done = this.hand.expandChunks();
      closeGate(control);
      yield* this.waitForOthers();
      if (done && control[word.paused] === 0) break;
      this.buffers = enlarged(this.buffers, this.common.layout, this.recordCounts(), this.ground.allocate);
      this.hand.setBuffers(this.buffers);
      this.inform();
      resumePaused(control);
      if (!done) reopenGate(control);
    }
    this.hand.report();
  }

  private *move(): Generator<void, void> {
    this.open(task.move);
    this.hand.moveSlots();
    closeGate(this.common.control);
    yield* this.waitForOthers();
  }

  private *place(): Generator<void, void> {
    this.open(task.place);
    this.hand.beginPlacing();
    this.hand.placeChunks();
    closeGate(this.common.control);
    yield* this.waitForOthers();
    this.hand.report();
  }

  private open(what: number): void {
    const { control } = this.common;
    for (let worker = 0; worker < this.workers; worker++) control.fill(0, ownWord(worker, 'records'), ownWord(worker, 'reached') + 1);
    Atomics.store(control, word.cursor, 0);
    this.inform();
    openGate(control, what);
  }

  private *waitForOthers(): Generator<void, void> {
    while (!othersAreDone(this.common.control, patienceMs)) {
      this.throwFailure();
      yield;
    }
    this.throwFailure();
  }

  private throwFailure(): void {
    if (Atomics.load(this.common.control, word.failed) !== 0 || this.failure !== null)
      throw this.reported() ?? this.failure ?? new Error('a worker failed');
  }

  /** What a worker says before it gives up. */
  private reported(): Error | null {
    for (const [k, port] of this.ports.entries()) {
      const got = receiveMessageOnPort(port);
      if (got === undefined) continue;
      const { name, message, stack } = got.message as Failure;
      if (name === 'RenamingLost') return new RenamingLost(message);
      const error = name === 'RangeError' ? new RangeError(message) : new Error(`worker ${k + 1}: ${message}`);
      error.stack = stack;
      return error;
    }
    return null;
  }

  /** Ends a round that lasts too long: chunks that nobody has taken stay for the next one. */
  private endInTime(): void {
    if (this.cutAt !== null || performance.now() < this.deadline) return;
    const { control } = this.common;
    this.cutAt = Math.min(Atomics.add(control, word.cursor, beyond), control[word.chunks] as number);
  }

  private recordCounts(): number[] {
    this.hand.report();
    return Array.from({ length: this.workers }, (_, worker) => this.common.control[ownWord(worker, 'records')] as number);
  }

  /** Gives all that are new their ids, from `from` on, in the order of parents and their steps. Returns the first id that is free. */
  private number(chunks: number, from: number): number {
    const { chunks: list, layout, inject } = this.common;
    const { stride, key, first, id, workerBits } = layout;
    const { arenas } = this.buffers;
    const workerMask = (1 << workerBits) - 1;
    let next = from;
    for (const at of inject === 'byArrival' ? byWorker(list, chunks) : inTurn(chunks)) {
      const arena = arenas[list[at + chunkField.worker] as number] as Int32Array;
      const to = (list[at + chunkField.to] as number) * stride;
      for (let base = (list[at + chunkField.from] as number) * stride; base < to; base += stride) {
        const number = arena[base + first] as number;
        const least = (arenas[number & workerMask] as Int32Array)[(number >>> workerBits) * stride];
        arena[base + id] = least === arena[base + key] ? next++ : -1;
      }
    }
    return next;
  }

  /** What parents' steps said, to the search, in its order. */
  private tell(): void {
    const { search, common } = this;
    const { buffer } = search.system;
    for (let worker = 0; worker < this.workers; worker++) {
      search.expansion.transitions += common.control[ownWord(worker, 'transitions')] as number;
      search.expansion.quiescent += common.control[ownWord(worker, 'quiescent')] as number;
    }
    inOrder(this.buffers.logs, this.eventCounts(), ({ worker, at, kind, a, b, c }) => {
      if (kind === eventKind.bad) {
        search.bad(
          at,
          a,
          this.faults.numberOf(worker, b, () => search.visited.copyTo(at, buffer, 0), a),
          c,
        );
      } else if (kind === eventKind.terminal) search.terminal(at);
      else if (kind === eventKind.cycle) search.cycle(at, a);
      else {
        search.visited.copyTo(at, buffer, 0);
        search.stuck(at);
      }
    });
  }

  /** Where the memory that threads share has come to its end: gives the winners to the search, which goes on with them alone. False: the limit of memory. */
  private placeAlone(chunks: number): boolean {
    const { search, common } = this;
    const { batch, system } = search;
    const { words, buffer } = system;
    const { chunks: list, layout, keyBits, control } = common;
    const most = Math.floor(buffer.length / words) - 1;
    batch.count = 0;
    for (const at of inTurn(chunks)) {
      const arena = this.buffers.arenas[list[at + chunkField.worker] as number] as Int32Array;
      const to = (list[at + chunkField.to] as number) * layout.stride;
      for (let base = (list[at + chunkField.from] as number) * layout.stride; base < to; base += layout.stride) {
        if ((arena[base + layout.id] as number) < 0) continue;
        if (batch.count === most) {
          if (!search.insertBatch()) return false;
          batch.count = 0;
        }
        const from = (1 + batch.count) * words;
        buffer.set(arena.subarray(base + field.state, base + field.state + words), from);
        const parent = (control[word.first] as number) + ((arena[base + layout.key] as number) >>> keyBits);
        batch.add(from, parent, arena[base + layout.label] as number);
      }
    }
    return search.insertBatch();
  }

  private tellChecks(): void {
    const { control } = this.common;
    for (let worker = 0; worker < this.workers; worker++) this.search.findings.reachedMask |= control[ownWord(worker, 'reached')] as number;
    inOrder(this.buffers.logs, this.eventCounts(), ({ at, a, b }) => this.search.checked(at, a, b));
  }

  private eventCounts(): number[] {
    return Array.from({ length: this.workers }, (_, worker) => this.common.control[ownWord(worker, 'events')] as number);
  }

  private roomForChecks(made: number): void {
    const { logs } = this.buffers;
    const words = made * eventWords;
    if ((logs[0] as Int32Array).length >= words) return;
    this.buffers = { ...this.buffers, logs: logs.map(() => sharedWords(2 * words)) };
    this.hand.setBuffers(this.buffers);
  }

  /** Tells workers of new arrays. */
  private inform(): void {
    const { told, buffers } = this;
    const news = this.ground.news();
    if (news !== null) this.hand.loops.learn(news);
    const update: Update = { ...(news === null ? {} : { news }), ...(buffers === told ? {} : { buffers }) };
    if (Object.keys(update).length === 0) return;
    for (const thread of this.threads) thread.postMessage(update);
    this.told = buffers;
  }
}

function* inTurn(chunks: number): Generator<number> {
  for (let chunk = 0; chunk < chunks; chunk++) yield chunk * chunkWords;
}

/** The order of an error that tests make on purpose. */
function byWorker(list: Int32Array, chunks: number): number[] {
  return [...inTurn(chunks)].sort((a, b) => (list[a + chunkField.worker] as number) - (list[b + chunkField.worker] as number) || a - b);
}
