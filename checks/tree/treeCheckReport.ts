/** What `mmucheck check-tree` answers: published as docs/schemas/check-tree-report.json. */
import { z } from 'zod';
import { traceSchema } from '../../counterexamples/index.ts';
import { verdictSchema } from '../results.ts';

const natural = z.int().min(0);
const place = { name: z.string(), file: z.string(), line: natural };

/**
 * `holds`, `violated`, `incomplete`, `vacuous`: as of `check`, with the tree's functions in their places. `notExercised`: none of the tree's
 * functions was run, so whatever came out is about the model. `otherVersions`: it is about code of other kernels, and was not run.
 */
export const treeVerdictSchema = z.enum(['holds', 'violated', 'incomplete', 'vacuous', 'notExercised', 'otherVersions']);
export type TreeVerdict = z.infer<typeof treeVerdictSchema>;

export const treeRunSchema = z.strictObject({
  scenario: z.string(),
  /** The model's code around the tree's functions; null: there is none for the tree's version. */
  variant: z.string().nullable(),
  verdict: treeVerdictSchema,
  /** Properties that are violated. `known`: the model's own code of that version violates them, too. */
  violated: z.array(
    z.strictObject({ id: z.string(), name: z.string(), steps: natural.nullable(), message: z.string().nullable(), known: z.boolean() }),
  ),
  /** What the scenario asks, with the tree's functions, and with the model's alone; null: that says nothing of it. */
  properties: z.array(z.strictObject({ id: z.string(), name: z.string(), verdict: verdictSchema, model: verdictSchema.nullable() })),
  /** Functions of the tree that ran. */
  ran: z.array(z.string()),
  /** Functions of the tree whose place the model's procedure kept, which ran: nothing is said about their text. */
  standIns: z.array(z.string()),
  states: natural,
  /** Of the model alone. */
  modelStates: natural,
  depth: natural,
  milliseconds: natural,
  /** Why there is no verdict, or not all of one, a sentence each. */
  reasons: z.array(z.string()),
});
export type TreeRun = z.infer<typeof treeRunSchema>;

/** A function of the tree that took its place in some scenario. */
export const coveredFunctionSchema = z.strictObject({
  ...place,
  lastLine: natural,
  /** Scenarios in which it ran; empty: in none. */
  scenarios: z.array(z.string()),
  /** Lines with statements that the model has, and how many of them ran in some scenario. */
  lines: natural,
  reached: natural,
  notReached: z.array(z.strictObject({ line: natural, behindWarning: z.boolean() })),
  /** Conditions, by line, that were only ever true, or only ever false. */
  oneSided: z.array(z.strictObject({ line: natural, never: z.enum(['true', 'false']) })),
});
export type CoveredFunction = z.infer<typeof coveredFunctionSchema>;

export const treeCheckReportSchema = z.strictObject({
  tree: z.string(),
  /** Null: nothing in the tree tells its version. */
  version: z.string().nullable(),
  preset: z.string(),
  runs: z.array(treeRunSchema),
  functions: z.array(coveredFunctionSchema),
  /** Functions that import, and take no place in any scenario that was run, with the reason. */
  notPlaced: z.array(z.strictObject({ ...place, reason: z.string() })),
  /** Functions of the tree that run only as what stands for them: a patch to their text is not checked by these runs. */
  standIns: z.array(
    z.strictObject({
      ...place,
      /** A binding says what calls of it mean; or the model's procedure of its name runs. */
      by: z.enum(['binding', 'model']),
      reason: z.string(),
      /** In which it runs so. */
      scenarios: z.array(z.string()),
    }),
  ),
  counts: z.strictObject({
    scenarios: natural,
    holds: natural,
    violated: natural,
    incomplete: natural,
    vacuous: natural,
    notExercised: natural,
    otherVersions: natural,
    /** Selected, and not run: interrupted. */
    notRun: natural,
    functions: natural,
    functionsRun: natural,
    lines: natural,
    linesReached: natural,
  }),
  /** A shortest one of each property that is violated and not known to be. */
  traces: z.array(traceSchema),
});
export type TreeCheckReport = z.infer<typeof treeCheckReportSchema>;
