/** `mmucheck patch`: a patch mail, judged. */
import { Option } from 'commander';
import { z } from 'zod';
import { judgePatch, type PatchReport, patchReportSchema } from '../../checks/index.ts';
import type { Outcome } from '../exitCodes.ts';
import {
  backEndOption,
  backEndSchema,
  boundsOption,
  boundsSchema,
  limitOptions,
  limitsOf,
  limitsSchema,
  outOption,
  reductionOptions,
  reductionsOf,
  reductionsSchema,
  workersOption,
  workersSchema,
} from '../options.ts';
import { patchText } from '../print/patchText.ts';
import { progressLine } from '../print/progress.ts';
import { writeTraces } from '../print/writeTraces.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  ...boundsSchema.shape,
  ...limitsSchema.shape,
  ...backEndSchema.shape,
  ...workersSchema.shape,
  ...reductionsSchema.shape,
  era: z.string().optional(),
  out: z.string().optional(),
});
const outcomes: Readonly<Record<PatchReport['verdict'], Outcome>> = {
  holds: 'asExpected',
  violated: 'violated',
  incomplete: 'incomplete',
  notModelled: 'notModelled',
  notExercised: 'notModelled',
  ambiguous: 'notModelled',
};
/** The text of the patch, to print beside counterexamples; not part of the report, which names lines only. */
const linesOf = new WeakMap<PatchReport, readonly string[]>();

export const patchVerb = verb<PatchReport>({
  name: 'patch',
  summary: 'Judge a patch: its functions replace those of the model, and the properties are checked with and without it.',
  arguments: [{ name: '<file>', help: 'a mail, an mbox or a diff; - reads standard input' }],
  options: [
    boundsOption,
    new Option('--era <year>', 'the kernel that the patch is for, where its functions fit several'),
    ...limitOptions,
    backEndOption,
    workersOption,
    ...reductionOptions,
    outOption,
  ],
  examples: [
    { line: 'patch fix.mbox', does: 'as saved by a mail program or git format-patch' },
    { line: 'patch - < mail.txt', does: 'from a pipe' },
    { line: 'patch fix.mbox --bounds medium --out traces', does: 'larger machines; counterexamples kept as files' },
  ],
  schema: patchReportSchema,
  run: async ({ arguments: [file = '-'], options }, terminal) => {
    const given = optionsSchema.parse(options);
    const { report, lines } = await judgePatch({
      file,
      preset: given.bounds,
      era: given.era ?? null,
      limits: limitsOf(given),
      backEnd: given.backEnd,
      workers: given.workers,
      reductions: reductionsOf(given),
      stats: given.stats,
      signal: terminal.signal,
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    linesOf.set(report, lines);
    if (given.out !== undefined) writeTraces(given.out, report.traces, (trace) => trace.property.id, lines, file);
    return { report, outcomes: [outcomes[report.verdict]] };
  },
  print: (report, terminal) => patchText(report, linesOf.get(report) ?? [], terminal),
});
