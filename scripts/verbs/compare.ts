/** `mmucheck compare`: where two variants part. */
import { Option } from 'commander';
import { z } from 'zod';
import { type CompareReport, compareReportSchema, compareVariants } from '../../checks/index.ts';
import type { Outcome } from '../exitCodes.ts';
import { boundsOption, boundsSchema, commaSeparated, limitOptions, limitsOf, limitsSchema, propertyOption } from '../options.ts';
import { compareText } from '../print/compareText.ts';
import { progressLine } from '../print/progress.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  ...boundsSchema.shape,
  ...limitsSchema.shape,
  variants: z.array(z.string()),
  property: z.array(z.string()).default([]),
});

export const compareVerb = verb<CompareReport>({
  name: 'compare',
  summary: "Take one variant's counterexample on another variant, and say at which step the two part, and why.",
  arguments: [{ name: '<scenario>', help: 'the scenario that both are variants of' }],
  options: [
    new Option('-v, --variants <a,b>', 'whose counterexample, and on which variant').argParser(commaSeparated).makeOptionMandatory(),
    propertyOption,
    boundsOption,
    ...limitOptions,
  ],
  examples: [
    { line: 'compare 3.3-B --variants posted,fixed', does: 'why the fix does not keep the root (exit code 0)' },
    { line: 'compare 3.3-A --variants posted,fixed --property I-04', does: 'of several properties only this one' },
    { line: 'compare 3.3-B --variants base,posted', does: 'the second violates it, too (exit code 1)' },
  ],
  schema: compareReportSchema,
  whenInterrupted: '--time ends each of the two searches by itself.',
  run: async ({ arguments: [scenario = ''], options }, terminal) => {
    const given = optionsSchema.parse(options);
    const report = await compareVariants({
      scenario,
      variants: given.variants,
      properties: given.property,
      preset: given.bounds,
      limits: limitsOf(given),
      signal: terminal.signal,
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    const nothing: Outcome = report.a.exhausted ? 'asExpected' : 'incomplete';
    return { report, outcomes: report.comparisons.length === 0 ? [nothing] : report.comparisons.map(outcomeOf) };
  },
  print: compareText,
});

/** What A violates is what was asked for; whether B does is the answer. */
function outcomeOf({ a, b }: CompareReport['comparisons'][number]): Outcome {
  if (b.verdict === 'violated') return 'violated';
  return a.verdict === 'incomplete' || b.verdict === 'incomplete' ? 'incomplete' : 'asExpected';
}
