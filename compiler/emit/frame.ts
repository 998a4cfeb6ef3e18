/**
 * What the fixed part of a compiled system knows of the generated part.
 */
import type { SystemDescription } from '../description.ts';
import type { Fault } from '../faults.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program } from '../program/types.ts';

/** What the fixed part knows of generated code: plain data, which threads can send. */
export interface Frame {
  readonly description: SystemDescription;
  readonly program: Program;
  readonly layout: Layout;
  /** Every way in which some statement can fault, by the number that generated code raises. */
  readonly faults: readonly Fault[];
  /** Names of marks, by the number of their counter. */
  readonly marks: readonly string[];
  /** Words of the array `B`. */
  readonly rememberedWords: number;
  /** Region of each process and resume point; 0 where there is none. */
  readonly entries: readonly (readonly number[])[];
}
