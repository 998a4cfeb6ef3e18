/**
 * Kept traces: one JSON file each in `counterexamples/corpus/`, run again in CI by whoever can make the system
 * that a trace names (`checks/`).
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompiledSystem } from '../compiler/index.ts';
import { readTrace } from './read.ts';
import { type ReplayResult, replayTrace } from './replay.ts';
import type { Trace } from './schema.ts';

export interface KeptTrace {
  /** Name of the file, without its folder. */
  readonly file: string;
  readonly trace: Trace;
}

/** All kept traces of a folder, by name. Throws `UnreadableTrace` for one that is none. */
export async function readCorpus(folder: string): Promise<KeptTrace[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(files.map(async (file) => ({ file, trace: await readTrace(join(folder, file)) })));
}

/** The system that a trace was made with, and its fingerprint, by the scenario, variant, era and bounds it names. */
export type SystemFactory = (trace: Trace) => { readonly system: CompiledSystem; readonly fingerprint: string };

export function replayCorpus(
  corpus: readonly KeptTrace[],
  make: SystemFactory,
): { readonly file: string; readonly result: ReplayResult }[] {
  return corpus.map(({ file, trace }) => {
    const { system, fingerprint } = make(trace);
    return { file, result: replayTrace(trace, system, fingerprint) };
  });
}
