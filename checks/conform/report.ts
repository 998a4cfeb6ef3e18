/**
 * What `conform` reports.
 *
 * In: nothing. Out: the schema, published with the others. Never: text for the terminal.
 */
import { z } from 'zod';

const natural = z.int().min(0);
const placeSchema = z.strictObject({ file: z.string(), line: natural });
/** One of the two: what it does where they part, and the text around that. */
const sideSchema = z.strictObject({
  /** The action; or how it ends, if it does nothing more that can be seen. */
  step: z.string(),
  /** Calls around the action, outermost first. */
  procedures: z.array(z.string()),
  at: placeSchema,
  /** Lines around it. */
  source: z.array(z.strictObject({ line: natural, text: z.string() })),
  /** What it does from there on, and how it ends. */
  after: z.array(z.string()),
});
export const differenceSchema = z.strictObject({
  scenario: z.string(),
  /** Who calls it, and with what. */
  process: z.string(),
  call: z.string(),
  /** Places that are not zero when it is called. */
  state: z.array(z.strictObject({ place: z.string(), value: z.string() })),
  /** What both do first. */
  common: z.array(z.string()),
  model: sideSchema,
  tree: sideSchema,
});
export type Difference = z.infer<typeof differenceSchema>;

/** `within callers`: it takes other parameters than the model's, and was run as a part of functions that were compared. */
export const conformVerdictSchema = z.enum(['same', 'differs', 'incomplete', 'within callers', 'not comparable', 'not reached']);
export type ConformVerdict = z.infer<typeof conformVerdictSchema>;

export const conformReportSchema = z.strictObject({
  tree: z.string(),
  /** Null: nothing in the tree tells its version. */
  version: z.string().nullable(),
  /** Scenarios whose calls were tried, and whether Ctrl-C came before the last. */
  scenarios: z.array(z.string()),
  interrupted: z.boolean(),
  functions: z.array(
    z.strictObject({
      name: z.string(),
      at: placeSchema,
      /** The model's procedure of that name. */
      model: placeSchema,
      verdict: conformVerdictSchema,
      /** Entry states that were tried, counted once in each scenario. */
      entries: natural,
      /** Scenarios that call it. */
      scenarios: z.array(z.string()),
      /** Why there is no verdict. */
      reason: z.string().nullable(),
      difference: differenceSchema.nullable(),
      /** Declared differences that were needed, with the reasons. */
      abstracted: z.array(z.string()),
    }),
  ),
  /** Declared differences that nothing needed: to be struck out. Told only if all scenarios were tried. */
  unused: z.array(z.string()),
  counts: z.strictObject({
    same: natural,
    differs: natural,
    incomplete: natural,
    'within callers': natural,
    'not comparable': natural,
    'not reached': natural,
  }),
});
export type ConformReport = z.infer<typeof conformReportSchema>;
