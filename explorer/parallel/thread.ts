/**
 * A worker's thread: compiles the system, then joins in the rounds of the main thread.
 *
 * In: `ThreadStart` as workerData, `Update`s as messages. Out: shared words; a `Failure` through `port` before it gives up.
 * Never: a decision about the search.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { compileSystem, type Recipe } from '../../compiler/index.ts';
import { planRenaming } from '../reductions/renamed.ts';
import { join, leave, nextPhase, pause, task, word } from './control.ts';
import { copyCounters } from './counters.ts';
import { type Common, Hand } from './hand.ts';
import { type Lingering, lingerer } from './linger.ts';
import { RecordLayout, type RoundBuffers } from './records.ts';
import { type Segments, SharedExactTable, SharedFingerprintTable } from './tables.ts';

export interface StoreShape {
  readonly words: number;
  readonly shift: number;
  readonly mask: number;
}

export interface ThreadStart {
  readonly worker: number;
  readonly workers: number;
  readonly recipe: Recipe;
  /** Whether the main thread searches renamed states. */
  readonly renaming: boolean;
  readonly mode: 'exact' | 'fingerprint';
  readonly common: Omit<Common, 'layout'>;
  readonly stored: StoreShape;
  readonly links: StoreShape;
  readonly buffers: RoundBuffers;
  readonly counters: Int32Array;
  readonly port: MessagePort;
  readonly lingering: Lingering | null;
}

/** What changed since the last message; segments are new ones behind those that are known. */
export interface Update {
  readonly slots?: Int32Array;
  readonly stored?: readonly Int32Array[];
  readonly links?: readonly Int32Array[];
  readonly buffers?: RoundBuffers;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

const start = workerData as ThreadStart;
const { control } = start.common;

try {
  run();
} catch (error) {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  start.port.postMessage({ name, message, stack } satisfies Failure);
  Atomics.compareExchange(control, word.failed, 0, start.worker + 1);
  Atomics.notify(control, word.gate);
}

function run(): void {
  const compiled = compileSystem(start.recipe.description, start.recipe.options);
  const system = start.renaming ? (planRenaming(compiled, { reductions: { renaming: true } }, false).search?.system ?? compiled) : compiled;
  const stored: Segments = { ...start.stored, segments: [] };
  const links: Segments = { ...start.links, segments: [] };
  const none = new Int32Array(2);
  const table = start.mode === 'exact' ? new SharedExactTable(stored, links, none) : new SharedFingerprintTable(stored, links, none);
  const common: Common = { ...start.common, layout: new RecordLayout(system.words, start.workers) };
  const hand = new Hand(start.worker, system, common, table, start.buffers, start.lingering === null ? null : lingerer(start.lingering));
  let old: Int32Array = none;
  const update = (): void => {
    if (parentPort === null) throw new Error('not the thread of a worker');
    for (let got = receiveMessageOnPort(parentPort); got !== undefined; got = receiveMessageOnPort(parentPort)) {
      const { slots, stored: states = [], links: more = [], buffers } = got.message as Update;
      if (slots !== undefined) {
        old = table.slots;
        table.setSlots(slots);
      }
      stored.segments.push(...states);
      links.segments.push(...more);
      if (buffers !== undefined) hand.setBuffers(buffers);
    }
    const released = control[word.released] as number;
    for (let n = released - 1; n >= 0 && (stored.segments[n]?.length ?? 0) > 0; n--) stored.segments[n] = new Int32Array(0);
  };
  system.resetCounters();
  let phase = Atomics.load(control, word.phase);
  let session = Atomics.load(control, word.session);
  Atomics.add(control, word.ready, 1);
  for (;;) {
    phase = nextPhase(control, phase);
    if (!join(control)) continue;
    try {
      update();
      const isNew = session !== control[word.session];
      session = control[word.session] as number;
      if (control[word.task] === task.expand) {
        if (isNew) hand.begin();
        while (!hand.expandChunks()) {
          hand.report();
          pause(control);
          update();
        }
      } else if (control[word.task] === task.move) hand.moveSlots(old);
      else {
        if (isNew) hand.beginPlacing();
        hand.placeChunks();
      }
      hand.report();
      copyCounters(system, start.counters);
    } finally {
      leave(control);
    }
  }
}
