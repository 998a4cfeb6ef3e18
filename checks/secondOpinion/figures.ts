/**
 * What was measured of one search.
 *
 * In: JSON of a process that searched. Out: checked figures. Never: a figure that was not measured: it is null.
 */
import { z } from 'zod';

export const figuresSchema = z.strictObject({
  way: z.string(),
  states: z.int().nullable(),
  /** By the clock, of the search alone. */
  searchSeconds: z.number().nullable(),
  /** Of processor time, all threads, of the search alone (Spin: of the verifier). */
  cpuSeconds: z.number().nullable(),
  /** Of that, what the main thread took: it leads, so it has most to do. Null where that is not to be had. */
  mainSeconds: z.number().nullable().optional(),
  /** By the clock, from the call of a command to its end: compiling included. */
  verdictSeconds: z.number(),
  /** Ours: the most that the process had at once. Spin: what it says. */
  megabytes: z.number().nullable(),
  /** Ours: the visited set with links. */
  bytesPerState: z.number().nullable(),
  /** Ids of what is violated, sorted. */
  violated: z.array(z.string()),
  cores: z.int(),
  /** Whether every state was searched that can be reached by its steps: no reduction beside merging, no hash that stands for a state. */
  whole: z.boolean(),
  /** Whether the steps were ours, or single: what is merged has fewer states. */
  merged: z.boolean(),
  /** Whether it ended by itself. */
  complete: z.boolean(),
  /** What else is to be said: a limit, a reduction that was refused. */
  notes: z.array(z.string()),
});
export type Figures = z.infer<typeof figuresSchema>;
