/**
 * When a search gets workers, and how large their portions are.
 *
 * In: nothing. Out: numbers. Never: one on which a result depends.
 */
import type { Lingering } from './linger.ts';
import type { Inject } from './loops.ts';

export interface Tuning {
  /** Milliseconds that a search lasts before workers are started, in a module and outside, where its states are copied for them. */
  readonly fromMs: number;
  readonly fromMsOutside: number;
  /** Parents of a level that are worth a round. */
  readonly minParents: number;
  readonly chunkParents: number;
  readonly roundParents: number;
  /** Milliseconds after which no more chunks of a round are taken. */
  readonly roundMs: number;
  /** Candidates of a round for which each worker has room at first. */
  readonly records: number;
  /** For tests: no search without workers, delays, errors. */
  readonly waitForWorkers: boolean;
  readonly lingering: Lingering | null;
  readonly inject?: Inject;
}

export const usualTuning: Tuning = {
  fromMs: 150,
  fromMsOutside: 500,
  minParents: 1024,
  chunkParents: 128,
  roundParents: 1 << 14,
  roundMs: 50,
  records: 1 << 15,
  waitForWorkers: false,
  lingering: null,
};

let file = new URL('./thread.js', import.meta.url);

export function workerFile(): URL {
  return file;
}

/** For tests, which run from the sources: a built `thread.js`. */
export function useWorkerFile(built: URL): void {
  file = built;
}
