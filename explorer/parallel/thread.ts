/**
 * A worker's thread: takes or compiles the system, then joins in the rounds of the main thread.
 *
 * In: `ThreadStart` as workerData, `Update`s as messages. Out: shared words; a `Failure` through `port` before it gives up.
 * Never: a decision about the search.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type CompiledSystem, compileSystem, twinOf } from '../../compiler/index.ts';
import { planRenaming } from '../reductions/renamed.ts';
import { join, leave, nextPhase, pause, task, word } from './control.ts';
import { copyCounters } from './counters.ts';
import { type GroundStart, outsideLoops } from './ground.ts';
import { Hand } from './hand.ts';
import { type Lingering, lingerer } from './linger.ts';
import type { Common, News } from './loops.ts';
import { ModuleLoops } from './moduleLoops.ts';
import { RecordLayout, type RoundBuffers } from './records.ts';

export interface ThreadStart {
  readonly worker: number;
  readonly workers: number;
  readonly common: Omit<Common, 'layout'>;
  readonly ground: GroundStart;
  readonly buffers: RoundBuffers;
  readonly counters: Int32Array;
  readonly port: MessagePort;
  readonly lingering: Lingering | null;
}

/** What changed since the last message. */
export interface Update {
  readonly news?: News;
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
  const { worker, workers, ground, buffers: first } = start;
  const system = systemOf(ground);
  const common: Common = { ...start.common, layout: new RecordLayout(system.words, workers) };
  const linger = start.lingering === null ? null : lingerer(start.lingering);
  const hand = new Hand(
    worker,
    system,
    common,
    first,
    ({ facts }) =>
      ground.kind === 'outside'
        ? outsideLoops(worker, system, common, first, ground)
        : new ModuleLoops(system, { worker, ...ground }, common, first, facts),
    linger,
  );
  const update = (): void => {
    if (parentPort === null) throw new Error('not the thread of a worker');
    for (let got = receiveMessageOnPort(parentPort); got !== undefined; got = receiveMessageOnPort(parentPort)) {
      const { news, buffers } = got.message as Update;
      if (news !== undefined) hand.loops.learn(news);
      if (buffers !== undefined) hand.setBuffers(buffers);
    }
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
      } else if (control[word.task] === task.move) hand.moveSlots();
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

function systemOf(ground: GroundStart): CompiledSystem {
  if (ground.kind === 'module') return twinOf(ground.twin, ground.system);
  const { recipe, renaming } = ground;
  const compiled = compileSystem(recipe.description, recipe.options);
  return renaming ? (planRenaming(compiled, { reductions: { renaming: true } }, false).search?.system ?? compiled) : compiled;
}
