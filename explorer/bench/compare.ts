/**
 * Two benchmarks side by side.
 *
 * In: measurements, and those of an earlier run as recorded. Out: ratios. Never: an absolute judgement.
 */
import { z } from 'zod';
import type { Measurement } from './measure.ts';

const recordedSchema = z.object({
  /** What the figures were taken on, in words. */
  machine: z.string(),
  subjects: z.record(
    z.string(),
    z.object({
      states: z.number(),
      words: z.number(),
      bytesPerState: z.number(),
      statesPerSecond: z.number(),
      secondsToVerdict: z.number(),
    }),
  ),
});
export type Recorded = z.infer<typeof recordedSchema>;

export interface Comparison {
  readonly measurement: Measurement;
  /** New over old; null if it was not recorded. */
  readonly speed: number | null;
  readonly bytes: number | null;
  readonly time: number | null;
  /** Whether the number of states is the recorded one; null if it was not recorded. */
  readonly sameStates: boolean | null;
}

export function compare(measurement: Measurement, recorded: Recorded | null): Comparison {
  const before = recorded?.subjects[measurement.name];
  if (before === undefined) return { measurement, speed: null, bytes: null, time: null, sameStates: null };
  return {
    measurement,
    speed: measurement.statesPerSecond / before.statesPerSecond,
    bytes: measurement.bytesPerState / before.bytesPerState,
    time: measurement.secondsToVerdict / before.secondsToVerdict,
    sameStates: measurement.states === before.states,
  };
}

/** Throws ZodError if the file is not a record. */
export function readRecorded(text: string): Recorded {
  return recordedSchema.parse(JSON.parse(text));
}

/** Subjects that were not measured this time keep what was recorded of them. */
export function record(measurements: readonly Measurement[], before: Recorded | null, machine: string): Recorded {
  const made = measurements.map(({ name, states, words, bytesPerState, statesPerSecond, secondsToVerdict }) => [
    name,
    {
      states,
      words,
      bytesPerState: Math.round(bytesPerState * 10) / 10,
      statesPerSecond: Math.round(statesPerSecond),
      secondsToVerdict: Math.round(secondsToVerdict * 1000) / 1000,
    },
  ]);
  return { machine, subjects: { ...before?.subjects, ...Object.fromEntries(made) } };
}
