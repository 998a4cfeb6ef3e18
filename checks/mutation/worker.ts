/**
 * A thread that judges mutants, one at a time.
 *
 * In: messages with a mutant's key. Out: first all mutants, then a message per verdict. Never: a decision about time:
 * a mutant may loop for ever, and whoever started this thread ends it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { scenarios } from '../../model/index.ts';
import { findScenario } from '../select.ts';
import { sourceText } from '../sources.ts';
import { judgeMutant, type MutantVerdict } from './judgeMutant.ts';
import type { JudgedMutant } from './record.ts';
import { mutationSubjects } from './subjects.ts';

/** A mutant before it is judged. */
export type MutantAbout = Omit<JudgedMutant, keyof MutantVerdict> & { readonly key: string };
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly mutants: readonly MutantAbout[] }
  | { readonly kind: 'judged'; readonly key: string; readonly verdict: MutantVerdict }
  | { readonly kind: 'failed'; readonly key: string; readonly message: string };

/** Given by `runMutants`. */
const { statesMax, scenarios: wanted } = workerData as { readonly statesMax: number; readonly scenarios?: readonly string[] };
const subjects = mutationSubjects(wanted === undefined ? scenarios : wanted.map(findScenario));
const say = (message: WorkerMessage): void => parentPort?.postMessage(message);

parentPort?.on('message', (key: string) => {
  try {
    say({ kind: 'judged', key, verdict: judgeMutant(key, subjects, statesMax) });
  } catch (error) {
    say({ kind: 'failed', key, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

const mutants = new Map<string, MutantAbout>();
for (const { mutants: those } of subjects) {
  for (const [key, { id, operator, procedure, position, detail }] of those) {
    if (mutants.has(key)) continue;
    const text = sourceText(position.file).split('\n')[position.line - 1]?.trim() ?? '';
    mutants.set(key, { key, id, operator, procedure: procedure.name, file: position.file, text, detail });
  }
}
say({ kind: 'ready', mutants: [...mutants.values()] });
