/**
 * What every verb answers: published shapes, from which `--json` is printed and docs/schemas is written.
 *
 * In: nothing. Out: zod schemas and their types. Never: a word that depends on how it is printed.
 *
 * What is printed has `verb`, `mmucheck` (the version) and `exitCode` in front (`published`). Times are in milliseconds.
 */
import { z } from 'zod';
import { traceSchema } from '../counterexamples/index.ts';

const natural = z.int().min(0);

/** A report as `--json` prints it. */
export function published<V extends string, S extends z.ZodRawShape>(verb: V, report: z.ZodObject<S>) {
  return z.strictObject({ verb: z.literal(verb), mmucheck: z.string(), exitCode: natural, ...report.shape });
}

/**
 * `holds`: the bounded space was exhausted. `violated`: there is a trace. `incomplete`: a limit or a bound of
 * the model came first. `vacuous`: exhausted, but what is asked about never occurred.
 */
export const verdictSchema = z.enum(['holds', 'violated', 'incomplete', 'vacuous']);
export type Verdict = z.infer<typeof verdictSchema>;

export const propertyResultSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  verdict: verdictSchema,
  /** Null: the scenario says nothing about this property with this variant. */
  expected: z.enum(['holds', 'violated']).nullable(),
  /** Steps of a shortest trace, if violated. */
  steps: natural.nullable(),
  /** Why it is violated, incomplete or vacuous, in a sentence. */
  message: z.string().nullable(),
  /**
   * Of a property of cost or precision that was checked: the largest number of `unit` that are `what` in any schedule, and the
   * bound; null: there is none, and it is counted only. Not `exact`: the search was cut, and it may be more.
   */
  worst: z.strictObject({ value: natural, bound: natural.nullable(), unit: z.string(), what: z.string(), exact: z.boolean() }).nullable(),
});
export type PropertyResult = z.infer<typeof propertyResultSchema>;

/** What `--stats` tells of a run. */
export const runStatsSchema = z.strictObject({
  /** Points at which a process can stop so that others run; and how many there would be if steps were not merged. */
  stops: natural,
  stopsUnmerged: natural,
  /** The reductions that were asked for, beside merging. */
  reductions: z.array(
    z.strictObject({
      name: z.string(),
      /** Why the search went without it; null: it did not. */
      refused: z.string().nullable(),
      /** Successors that it changed, or left out. */
      changed: natural,
      /** A sentence for each table that might be renamed: whether it is, and why. */
      lines: z.array(z.string()),
    }),
  ),
  /** Numbers of the same search without reductions, where they are recorded. */
  without: z.strictObject({ states: natural, steps: natural }).nullable(),
});
export type RunStats = z.infer<typeof runStatsSchema>;

/** One scenario with one variant. */
export const runResultSchema = z.strictObject({
  scenario: z.string(),
  variant: z.string(),
  preset: z.string(),
  bounds: z.string(),
  verdict: verdictSchema,
  expectedVerdict: verdictSchema.nullable(),
  /** True if the verdict and every property came out as the scenario says. */
  asExpected: z.boolean(),
  /** One sentence for each thing that did not. */
  surprises: z.array(z.string()),
  properties: z.array(propertyResultSchema),
  /** Distinct states, steps between them, and length of the longest shortest path. */
  states: natural,
  steps: natural,
  depth: natural,
  milliseconds: natural,
  bytesPerState: natural,
  /** Every reachable state was seen, and no path was cut by a bound of the model. */
  exhausted: z.boolean(),
  /** What kept the run from being exhausted, a sentence each. */
  cuts: z.array(z.string()),
  /** That the search went on in another way than was asked for, a sentence each; no verdict depends on it. Left out if there is nothing. */
  remarks: z.array(z.string()).exactOptional(),
  fingerprint: z.string(),
  /** Left out unless it is asked for. */
  stats: runStatsSchema.exactOptional(),
});
export type RunResult = z.infer<typeof runResultSchema>;

/** One form of a proposal (`base`, `posted`, `counter`, `merged`, `fixed`), over all scenarios that it is run in. */
export const seedFormSchema = z.strictObject({
  form: z.string(),
  verdict: z.enum([...verdictSchema.options, 'notModelled']),
  /** Why it is not modelled. */
  reason: z.string().nullable(),
  /** Each property with the scenarios that violate it, and the variant where that has a name of its own. */
  violated: z.array(z.strictObject({ property: z.string(), runs: z.array(z.string()) })),
  /** Scenarios in which nothing is violated. */
  holds: z.array(z.string()),
  /** Scenarios without a verdict, with the reason. */
  open: z.array(z.string()),
  asExpected: z.boolean(),
});
export type SeedForm = z.infer<typeof seedFormSchema>;

/** A proposal, named by its year. */
export const seedRowSchema = z.strictObject({ seed: z.string(), title: z.string(), forms: z.array(seedFormSchema) });
export type SeedRow = z.infer<typeof seedRowSchema>;

export const checkReportSchema = z.strictObject({
  preset: z.string(),
  runs: z.array(runResultSchema),
  /** A row for each proposal of which all forms were run, with all properties. */
  seeds: z.array(seedRowSchema),
  summary: z.strictObject({
    runs: natural,
    asExpected: natural,
    states: natural,
    milliseconds: natural,
    /** Properties that some run reached in its scope, and those that none did. */
    propertiesCovered: z.array(z.string()),
    propertiesNotCovered: z.array(z.string()),
    /** Scenarios, variants and bounds that this run left out, one sentence each. */
    notCovered: z.array(z.string()),
    /** Runs whose numbers of states are not those of checks/states.json, one line each. */
    statesChanged: z.array(z.string()),
  }),
});
export type CheckReport = z.infer<typeof checkReportSchema>;

export const listReportSchema = z.strictObject({
  scenarios: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      era: z.string(),
      presets: z.array(z.string()),
      variants: z.array(z.string()),
      properties: z.array(z.string()),
    }),
  ),
  properties: z.array(z.strictObject({ id: z.string(), name: z.string(), kind: z.string(), statement: z.string() })),
});
export type ListReport = z.infer<typeof listReportSchema>;

export const explainReportSchema = z.strictObject({
  /** What the name stands for. */
  kind: z.enum(['scenario', 'variant', 'property']),
  id: z.string(),
  title: z.string(),
  /** Blocks of text, each with a heading; the reader's page in order. */
  sections: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
});
export type ExplainReport = z.infer<typeof explainReportSchema>;

export const modelReportSchema = z.strictObject({
  scenario: z.string(),
  variant: z.string(),
  preset: z.string(),
  procedures: z.array(z.strictObject({ name: z.string(), file: z.string(), line: natural, text: z.string() })),
});
export type ModelReport = z.infer<typeof modelReportSchema>;

export const traceReportSchema = z.strictObject({ file: z.string(), format: z.enum(['text', 'mail', 'json']), trace: traceSchema });
export type TraceReport = z.infer<typeof traceReportSchema>;

export const replayReportSchema = z.strictObject({
  file: z.string(),
  scenario: z.string(),
  variant: z.string(),
  property: z.string(),
  stillViolates: z.boolean(),
  /** Step after which it violates now. */
  violatingStep: natural.nullable(),
  /** Of the trace, and how many of them could be taken. */
  steps: natural,
  stepsTaken: natural,
  /** Null where the trace has no fingerprint, or is of another variant. */
  sameModel: z.boolean().nullable(),
  firstDifference: z.strictObject({ step: natural, kind: z.string(), message: z.string() }).nullable(),
});
export type ReplayReport = z.infer<typeof replayReportSchema>;

/** What one variant did at the step at which two part; null: nothing more. */
const deedSchema = z.strictObject({
  /** `reads …`, `writes …`, `takes …`. */
  text: z.string(),
  procedure: z.string(),
  file: z.string(),
  line: natural,
  /** The line itself; empty where it is not at hand. */
  source: z.string(),
});
const deedsSchema = z.strictObject({ a: deedSchema.nullable(), b: deedSchema.nullable() });
const stateDifferencesSchema = z.array(z.strictObject({ name: z.string(), a: z.string(), b: z.string() }));
/** Where two variants, or a tree with a patch and without it, part on the schedule of the counterexample of A. */
export const partingSchema = z.strictObject({
  /** Of A's counterexample; 0: at the start. */
  step: natural,
  process: natural,
  title: z.string(),
  /** The first thing done otherwise, reads included; the tests beside it, if they went two ways; the first thing that others see. */
  first: deedsSchema,
  tests: deedsSchema,
  effect: deedsSchema,
  /** Places that differ after the step. */
  state: stateDifferencesSchema,
  /** Sentences. */
  why: z.array(z.string()),
});
export const comparisonSchema = z.strictObject({
  property: z.string(),
  name: z.string(),
  /** Of searches of their own within the bounds, with the steps of a shortest trace. Null: it is not asked of that variant. */
  a: z.strictObject({ verdict: verdictSchema.nullable(), steps: natural.nullable() }),
  b: z.strictObject({ verdict: verdictSchema.nullable(), steps: natural.nullable() }),
  /** B violates it on the schedule of A's counterexample, as far as B can follow; null: A has none, or a loop that B does not follow. */
  bViolatesHere: z.boolean().nullable(),
  /** Null: A has no counterexample, or B does the same to its end. */
  parting: partingSchema.nullable(),
  /** Places that differ where A's counterexample ends. */
  ending: stateDifferencesSchema,
});
export type ComparisonResult = z.infer<typeof comparisonSchema>;

export const compareReportSchema = z.strictObject({
  scenario: z.string(),
  bounds: z.string(),
  /** `exhausted`: all of it was searched within the bounds. */
  a: z.strictObject({ variant: z.string(), title: z.string(), exhausted: z.boolean() }),
  b: z.strictObject({ variant: z.string(), title: z.string(), exhausted: z.boolean() }),
  /** One for each property that A violates, or that was asked for. */
  comparisons: z.array(comparisonSchema),
});
export type CompareReport = z.infer<typeof compareReportSchema>;

const patchPartSchema = z.strictObject({
  /** `checked`: a whole function; `expanded`: a macro, by the functions that use it; `define`: flags of a request; `stoodIn`: a procedure of the model does the same. */
  kind: z.enum(['checked', 'expanded', 'define', 'stoodIn', 'ignorable', 'notModelled']),
  /** Function, constant, stand-in, or what was left out. */
  name: z.string(),
  /** Line of the file that was read. */
  line: natural,
  /** Of `notModelled`: why; of `stoodIn`: which lines are which. */
  detail: z.string(),
});
export type PatchPart = z.infer<typeof patchPartSchema>;

/** A counterexample of one side of a patch, taken on the other. */
const patchPartingSchema = z.strictObject({
  property: z.string(),
  /** Whose counterexample it is (A); B is the other side. */
  of: z.enum(['patched', 'without']),
  /** Steps of it. */
  steps: natural,
  /** B violates the property on this schedule, too, as far as it can be followed; null: a loop that it does not follow. */
  bViolatesHere: z.boolean().nullable(),
  /** Null: B does the same to the end of it, as far as anybody can see. */
  parting: partingSchema.nullable(),
});
export type PatchParting = z.infer<typeof patchPartingSchema>;

/** The largest number of `unit` that are `what` in any schedule; not `exact`: the search was cut, and it may be more. */
const costChangeSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  unit: z.string(),
  what: z.string(),
  /** Null: it is counted only. */
  bound: natural.nullable(),
  /** Null: it never occurred, or was not counted. */
  before: z.strictObject({ value: natural, exact: z.boolean() }).nullable(),
  after: z.strictObject({ value: natural, exact: z.boolean() }).nullable(),
});
export type CostChange = z.infer<typeof costChangeSchema>;

export const patchRunSchema = z.strictObject({
  scenario: z.string(),
  /** The variant whose procedures the patch's functions join. */
  surroundings: z.string(),
  /** The variant that is run without the patch: the surroundings, or the code of the day if those are the patch's own posted form. */
  reference: z.string(),
  bounds: z.string(),
  /** `violated` only by what the same run without the patch does not violate. */
  verdict: verdictSchema,
  violated: z.array(z.strictObject({ id: z.string(), name: z.string(), steps: natural.nullable(), message: z.string().nullable() })),
  /** Ids that are violated without the patch, too. */
  alsoWithoutThePatch: z.array(z.string()),
  /** Ids that are violated without the patch, and hold with it. */
  mended: z.array(z.string()),
  /**
   * Each property of the scenario, without the patch and with it. `before` null: what the patch changes is not modelled as it was.
   * `change`: `stays` (holds, and held), `holds` (and what it did before is open), `breaks`, `fixes`, `stays violated` (by what it is compared
   * with, too), `vacuous` (what it is about never occurs now), `open` (incomplete).
   */
  properties: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      before: verdictSchema.nullable(),
      after: verdictSchema,
      change: z.enum(['stays', 'holds', 'breaks', 'fixes', 'stays violated', 'vacuous', 'open']),
    }),
  ),
  /**
   * Counterexamples, taken again on the other side: of what the patch breaks, of what it fixes, and, of what is violated either way, those of
   * the patched code on which the other side does not violate it.
   */
  partings: z.array(patchPartingSchema),
  /** What is counted in the scenario, where it comes to something else with the patch. */
  costs: z.array(costChangeSchema),
  states: natural,
  depth: natural,
  milliseconds: natural,
  cuts: z.array(z.string()),
  /** Interesting states of the scenario that were never reached. */
  unmet: z.array(z.string()),
  /** Of the run with the patch; left out unless it is asked for. */
  stats: runStatsSchema.exactOptional(),
});
export type PatchRun = z.infer<typeof patchRunSchema>;

/** What becomes of a verdict when a piece of a patch is reverted. */
export const ablationEffectSchema = z.strictObject({
  scenario: z.string(),
  id: z.string(),
  /** Without the patch; null: not known. */
  before: verdictSchema.nullable(),
  /** With all of the patch, and with all of it but this piece. */
  patched: verdictSchema,
  reverted: verdictSchema,
  /**
   * `fix`: what the patch fixes is violated again. `needed`: what held is violated. `defect`: what the patch violates is violated no more.
   * `unmet`: what it is about occurs no more, or only now. `open`: a limit or a bound came first.
   */
  effect: z.enum(['fix', 'needed', 'defect', 'unmet', 'open']),
});
export type AblationEffect = z.infer<typeof ablationEffectSchema>;

export const ablatedPieceSchema = z.strictObject({
  /** `change`: lines that stand together; `condition`: an added `if` without what it guards. */
  kind: z.enum(['hunk', 'change', 'statement', 'condition']),
  side: z.enum(['added', 'removed', 'both']),
  hunk: natural,
  path: z.string(),
  /** Of the file after the patch; of what is only removed, before it; without a tree, of the mail. */
  line: natural,
  lastLine: natural,
  text: z.string(),
  /**
   * The most telling of its effects; `nothing`: no verdict is another in any scenario that runs it. `notJudged`: the patch without it is no
   * code that can be lowered. `notTried`: there was no time.
   */
  verdict: z.enum([...ablationEffectSchema.shape.effect.options, 'nothing', 'notJudged', 'notTried']),
  /** Of `notJudged`. */
  reason: z.string().nullable(),
  effects: z.array(ablationEffectSchema),
  /** Worst values that are others without it: `before`, with all of the patch; `after`, without the piece. */
  costs: z.array(z.strictObject({ scenario: z.string(), ...costChangeSchema.shape })),
  /** Scenarios in which it was judged; and those for which there was no time. */
  judgedIn: z.array(z.string()),
  leftOut: z.array(z.string()),
  milliseconds: natural,
});
export type AblatedPiece = z.infer<typeof ablatedPieceSchema>;

/** Every hunk, change, and statement that a patch adds or removes, reverted on its own. */
export const ablationSchema = z.strictObject({ budgetMs: natural, milliseconds: natural, pieces: z.array(ablatedPieceSchema) });
export type Ablation = z.infer<typeof ablationSchema>;

const onePatchSchema = z.strictObject({
  file: z.string(),
  subject: z.string(),
  /** `ignorable`: on a tree, nothing that the patch changes is code that the model could have. */
  verdict: z.enum(['holds', 'violated', 'incomplete', 'notModelled', 'notExercised', 'ambiguous', 'ignorable']),
  /** Era of the surroundings: of the nearest, if none fits; several, with commas, if they are the same code there. */
  era: z.string(),
  /** Other eras that fit, in other code. */
  rivals: z.array(z.string()),
  /** Lines that the headers of hunks count and the text has not. */
  lost: z.array(z.strictObject({ hunk: natural, line: natural, missing: natural, of: natural })),
  hunks: z.array(z.strictObject({ hunk: natural, path: z.string(), line: natural, parts: z.array(patchPartSchema) })),
  /** What keeps the patch from being judged. */
  notModelled: z.array(z.strictObject({ name: z.string(), why: z.string(), line: natural, path: z.string().optional() })),
  /** Changed statements and conditions that no scenario brought to execution, or to both values. */
  notExercised: z.array(z.strictObject({ line: natural, what: z.string(), path: z.string().optional() })),
  runs: z.array(patchRunSchema),
  /** What a reader should know: quotation, lost lines, choice of surroundings. */
  notes: z.array(z.string()),
  /** Left out: in every scenario that the patch comes to. Else what was asked for, and what else it comes to, of which nothing is said. */
  selected: z.strictObject({ scenarios: z.array(z.string()), others: z.array(z.string()) }).exactOptional(),
  /** A shortest trace of each property that the patch violates. */
  traces: z.array(traceSchema),
  /** Left out unless it is asked for, and where nothing was run. */
  ablation: ablationSchema.exactOptional(),
});
export type OnePatch = z.infer<typeof onePatchSchema>;

export const patchReportSchema = z.strictObject({
  ...onePatchSchema.shape,
  /**
   * What the patch was applied to; null: it was judged on its own, by the functions that it shows whole. With a tree, lines of parts of
   * hunks, of what is not modelled or not exercised, and of traces are those of the tree's files after the patch.
   */
  tree: z
    .strictObject({
      name: z.string(),
      /** As git names the commit whose files were taken; null: the files as they lie there. */
      revision: z.string().nullable(),
      /** Null: nothing in the tree tells it. */
      version: z.string().nullable(),
      /** Which code of the model goes with it, in a sentence. */
      surroundings: z.string(),
    })
    .nullable(),
  /** Of a series on a tree: each patch on the tree as those before it leave it. The report itself is about the one that decides. */
  series: z.array(onePatchSchema),
});
export type PatchReport = z.infer<typeof patchReportSchema>;

export const huntReportSchema = z.strictObject({
  scenario: z.string(),
  variant: z.string(),
  bounds: z.string(),
  /** Everything that was drawn from: enough to repeat it. */
  options: z.strictObject({
    preset: z.string(),
    properties: z.array(z.string()),
    seed: z.int(),
    runs: natural,
    stepsMax: natural,
    stretchMax: natural,
    path: z.string().optional(),
    timeMs: natural.optional(),
  }),
  schedules: natural,
  steps: natural,
  /** Schedules that a bound of the model ended. */
  boundsMet: natural,
  interrupted: z.boolean(),
  /** Interesting states that were met, as `explain` names them. */
  reached: z.array(z.string()),
  found: z.strictObject({ property: z.string(), path: z.string(), shrinks: natural, steps: natural, expected: z.boolean() }).nullable(),
  trace: traceSchema.nullable(),
});
export type HuntReport = z.infer<typeof huntReportSchema>;

/** Any verb: there is no answer, and this is why. Printed with `verb` "error". */
export const errorReportSchema = z.strictObject({ error: z.string() });
export type ErrorReport = z.infer<typeof errorReportSchema>;
