/**
 * A thread that makes runs of a check, one after the other.
 *
 * In: the runs, a counter that all threads share. Out: a message for each run that it made. Never: a run that another thread took.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { oneRun } from './oneRun.ts';
import type { LaneMessage, LaneStart } from './runTogether.ts';
import { findScenario, findVariant } from './select.ts';

const { runs, request, cursor } = workerData as LaneStart;
const say = (message: LaneMessage): void => parentPort?.postMessage(message);
const abort = new AbortController();
// Any message: enough.
parentPort?.on('message', () => abort.abort());

try {
  while (!abort.signal.aborted) {
    const index = Atomics.add(cursor, 0, 1);
    const names = runs[index];
    if (names === undefined) break;
    const scenario = findScenario(names.scenario);
    const { run, traces } = await oneRun({ scenario, variant: findVariant(scenario, names.variant) }, request, { signal: abort.signal });
    say({ kind: 'run', index, run, traces });
  }
  say({ kind: 'end' });
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
parentPort?.close();
