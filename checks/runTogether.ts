/**
 * Runs of a check by several threads at the same time, this one among them.
 *
 * In: runs, a request. Out: an answer for each, by number, whoever made it. Never: threads for sources that are not built.
 *
 * Each takes the next run from a counter in shared memory, so nobody waits for this thread while it compiles.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { OneRunAnswer, OneRunRequest } from './oneRun.ts';
import { type Selected, scenarioId } from './select.ts';

export interface LaneStart {
  readonly runs: readonly { readonly scenario: string; readonly variant: string }[];
  readonly request: OneRunRequest;
  /** One word: the number of the next run. */
  readonly cursor: Int32Array;
}
/** What is kept of a run. */
export type MadeRun = Pick<OneRunAnswer, 'run' | 'traces'>;
export type LaneMessage =
  | ({ readonly kind: 'run'; readonly index: number } & MadeRun)
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string };

const threadFile = new URL('./runThread.js', import.meta.url);

/** Compiling makes much that is short-lived: in one run a young generation of this size saved a tenth of its time. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };

/** False where the sources run as they are: a thread needs a built file. */
export function canRunTogether(): boolean {
  return existsSync(threadFile);
}

/** `own` makes a run on this thread. Ends when all have ended; after an abort some runs are missing. Throws what `own` throws, and Error if a thread fails. */
export async function runTogether(
  selected: readonly Selected[],
  request: OneRunRequest,
  jobs: number,
  signal: AbortSignal | undefined,
  own: (index: number) => Promise<MadeRun>,
): Promise<(MadeRun | undefined)[]> {
  const made: (MadeRun | undefined)[] = Array.from(selected, () => undefined);
  const cursor = new Int32Array(new SharedArrayBuffer(4));
  const runs = selected.map(({ scenario, variant }) => ({ scenario: scenarioId(scenario), variant: variant.name }));
  const start: LaneStart = { runs, request, cursor };
  const threads = Array.from(
    { length: Math.min(jobs, selected.length) - 1 },
    () => new Worker(threadFile, { workerData: start, resourceLimits }),
  );
  const stop = () => {
    for (const thread of threads) thread.postMessage('stop');
  };
  signal?.addEventListener('abort', stop, { once: true });
  // What fails in one lane ends the others, too: nobody takes a run any more.
  const failing = (error: unknown): never => {
    Atomics.store(cursor, 0, selected.length);
    stop();
    throw error;
  };
  try {
    const lanes = threads.map((thread) => laneOf(thread, made).catch(failing));
    // Of two that fail the second is told by nobody; it must not end the process.
    for (const lane of lanes) lane.catch(() => undefined);
    const mine = async () => {
      for (let index = Atomics.add(cursor, 0, 1); index < selected.length && signal?.aborted !== true; index = Atomics.add(cursor, 0, 1)) {
        made[index] = await own(index);
      }
    };
    await mine().catch(failing);
    await Promise.all(lanes);
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return made;
}

function laneOf(thread: Worker, made: (MadeRun | undefined)[]): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.on('message', (message: LaneMessage) => {
      if (message.kind === 'run') made[message.index] = { run: message.run, traces: message.traces };
      else if (message.kind === 'end') resolve();
      else reject(new Error(message.message));
    });
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('a thread ended before its runs did')));
  });
}
