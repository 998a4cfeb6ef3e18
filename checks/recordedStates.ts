/**
 * Numbers of states that runs had when somebody last looked at them (`checks/states.json`).
 *
 * In: finished runs. Out: a sentence for each number that changed. Never: a change of the record without
 * a sentence that says why: a number that moves by itself is how a model loses its behaviour unnoticed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../compiler/packageRoot.ts';
import type { RunResult } from './results.ts';

const recordSchema = z.strictObject({
  states: z.int().min(0),
  steps: z.int().min(0),
  depth: z.int().min(0),
  /** Why the numbers are what they are now and were not before. */
  why: z.string().min(10),
});
export type StatesRecord = z.infer<typeof recordSchema>;
/** By `scenario variant preset`. */
export type RecordedStates = Readonly<Record<string, StatesRecord>>;

const file = () => join(packageRoot(), 'checks', 'states.json');

/** The record of this repository; null where there is none: an installed package has no record to defend. */
export function readRecordedStates(): RecordedStates | null {
  let text: string;
  try {
    text = readFileSync(file(), 'utf8');
  } catch {
    return null;
  }
  return z.record(z.string(), recordSchema).parse(JSON.parse(text));
}

/**
 * One line per run that is not as recorded. Only exhausted runs are compared: others depend on the machine's speed.
 * Larger bounds need no record.
 */
export function comparedWithRecord(runs: readonly RunResult[], recorded: RecordedStates | null): string[] {
  if (recorded === null) return [];
  return runs.filter(isComparable).flatMap((run) => {
    const record = recorded[keyOf(run)];
    if (record === undefined) return run.preset !== 'small' ? [] : [`${keyOf(run)}: not recorded yet (${numbersOf(run)})`];
    if (numbersOf(record) === numbersOf(run)) return [];
    return [`${keyOf(run)}: ${numbersOf(run)}, recorded ${numbersOf(record)}`];
  });
}

/** The record with what changed taken over, each with `why`. Gives the keys that changed. */
export function recordStates(runs: readonly RunResult[], why: string): string[] {
  const recorded = readRecordedStates() ?? {};
  const changed = runs.filter(
    (run) => isComparable(run) && (recorded[keyOf(run)] === undefined || numbersOf(recorded[keyOf(run)] ?? run) !== numbersOf(run)),
  );
  const entries = [
    ...Object.entries(recorded),
    ...changed.map((run): [string, StatesRecord] => [keyOf(run), { states: run.states, steps: run.steps, depth: run.depth, why }]),
  ];
  const sorted = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file(), `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  return changed.map(keyOf);
}

function isComparable(run: RunResult): boolean {
  return run.exhausted;
}
function keyOf(run: RunResult): string {
  return `${run.scenario} ${run.variant} ${run.preset}`;
}
function numbersOf(numbers: { states: number; steps: number; depth: number }): string {
  return `${numbers.states} states, ${numbers.steps} steps, depth ${numbers.depth}`;
}
