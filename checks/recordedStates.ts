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
  /** Worst values of what the run counts, by id; left out if it counts nothing. */
  worst: z.record(z.string(), z.int().min(0)).optional(),
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
    if (numbersOf(record) !== numbersOf(run)) return [`${keyOf(run)}: ${numbersOf(run)}, recorded ${numbersOf(record)}`];
    return record.worst === undefined || worstText(record.worst) === worstText(worstOf(run))
      ? []
      : [`${keyOf(run)}: worst values ${worstText(worstOf(run))}, recorded ${worstText(record.worst)}`];
  });
}

/** The record with what changed taken over, each with `why`. Gives the keys that changed. Worst values that were not recorded are added. */
export function recordStates(runs: readonly RunResult[], why: string): string[] {
  const recorded = readRecordedStates() ?? {};
  const compared = runs.filter(isComparable).map((run) => ({ run, key: keyOf(run), before: recorded[keyOf(run)] }));
  const changed = compared.filter(({ run, before }) => before === undefined || isChanged(run, before));
  const entries = compared.map(({ run, key, before }): [string, StatesRecord] => {
    const worst = worstOf(run);
    return [
      key,
      {
        states: run.states,
        steps: run.steps,
        depth: run.depth,
        ...(Object.keys(worst).length === 0 ? {} : { worst }),
        why: before === undefined || isChanged(run, before) ? why : before.why,
      },
    ];
  });
  const sorted = [...new Map([...Object.entries(recorded), ...entries])].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file(), `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  return changed.map(({ key }) => key);
}

function isChanged(run: RunResult, record: StatesRecord): boolean {
  if (numbersOf(record) !== numbersOf(run)) return true;
  return record.worst !== undefined && worstText(record.worst) !== worstText(worstOf(run));
}
/** What never occurred has no worst value. */
function worstOf(run: RunResult): Record<string, number> {
  return Object.fromEntries(
    run.properties.flatMap(({ id, worst, verdict }) => (worst === null || verdict === 'vacuous' ? [] : [[id, worst.value]])),
  );
}
function worstText(worst: Readonly<Record<string, number>>): string {
  return Object.entries(worst)
    .map(([id, value]) => `${id} ${value}`)
    .join(', ');
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
