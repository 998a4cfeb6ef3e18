/**
 * What a run at true scale is and gives.
 *
 * In: nothing. Out: the types that the runs of each mail and the report share. Never: a count of its own.
 */

/** A number that the mail, or arithmetic on it, gives, beside what the procedures did. */
export interface Count {
  readonly what: string;
  readonly variant: string;
  /** `atMost`: the number given is an upper end. */
  readonly expected: number;
  readonly relation: 'equals' | 'atMost';
  readonly counted: number;
}
/** One line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Both axes; default: linear. No value is below 1 then. */
  readonly logarithmic?: boolean;
}
export interface ScaleRun {
  readonly counts: readonly Count[];
  readonly plot: Plot;
  /** What the model leaves out, and how the numbers are to be read; a sentence each. */
  readonly notes: readonly string[];
}

/** `full`: the sizes of the mail. `reduced`: small enough for every test run; the expected numbers are scaled with it. */
export type ScaleSize = 'full' | 'reduced';

export interface ScaleScript {
  readonly name: string;
  readonly title: string;
  /** Yields a line about how far it is, so often that whoever runs it can stop it within seconds. */
  run(size: ScaleSize): Generator<string, ScaleRun, void>;
}

/** Whether a number came out as it is given. */
export function asGiven({ relation, expected, counted }: Count): boolean {
  return relation === 'equals' ? counted === expected : counted <= expected;
}
