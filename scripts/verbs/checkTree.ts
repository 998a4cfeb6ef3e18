/** `mmucheck check-tree`: a kernel tree as it is, in the scenarios. */
import { Option } from 'commander';
import { z } from 'zod';
import { checkTree, type TreeCheckReport, type TreeVerdict, treeCheckReportSchema } from '../../checks/index.ts';
import type { Outcome } from '../exitCodes.ts';
import { boundsOption, boundsSchema, commaSeparated, limitOptions, limitsOf, limitsSchema } from '../options.ts';
import { progressLine } from '../print/progress.ts';
import { treeCheckText } from '../print/treeCheckText.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  ...boundsSchema.shape,
  ...limitsSchema.shape,
  scenario: z.array(z.string()).default([]),
  bind: z.string().optional(),
  lines: z.boolean().default(false),
});
const outcomes: Readonly<Record<Exclude<TreeVerdict, 'violated'>, Outcome>> = {
  holds: 'asExpected',
  incomplete: 'incomplete',
  vacuous: 'incomplete',
  notExercised: 'notModelled',
  otherVersions: 'asExpected',
};
/** What of the report is printed: no part of it. */
const printedWith = new WeakMap<TreeCheckReport, { readonly lines: boolean }>();

export const checkTreeVerb = verb<TreeCheckReport>({
  name: 'check-tree',
  summary: "Check a kernel tree as it is: its own functions take the places of the model's, in every scenario.",
  arguments: [{ name: '<directory>', help: 'the top of a kernel tree, unpacked; nothing in it is executed or changed' }],
  options: [
    new Option('-s, --scenario <ids>', 'only these scenarios, by id, separated by commas').argParser(commaSeparated),
    boundsOption,
    ...limitOptions,
    new Option('--bind <file>', 'more bindings of C names to the model (JSON)'),
    new Option('--lines', 'tell of every function: lines, conditions that went one way only, and why something else stands for it'),
  ],
  examples: [
    { line: 'check-tree linux-6.12', does: 'all scenarios, which functions ran, and what was not reached' },
    { line: 'check-tree linux-6.12 --scenario 3.3-A,2.12', does: 'these two' },
    { line: 'check-tree linux-6.12 --lines --json', does: 'for scripts' },
  ],
  schema: treeCheckReportSchema,
  whenInterrupted: '--scenario selects a part; --time ends each search by itself.',
  run: async ({ arguments: [directory = '.'], options }, terminal) => {
    const given = optionsSchema.parse(options);
    const report = await checkTree({
      directory,
      bind: given.bind ?? null,
      scenarios: given.scenario,
      preset: given.bounds,
      limits: limitsOf(given),
      signal: terminal.signal,
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    printedWith.set(report, { lines: given.lines });
    return { report, outcomes: outcomesOf(report) };
  },
  print: (report, terminal) => treeCheckText(report, printedWith.get(report)?.lines === true, terminal),
});

/** What the model's own code of that version violates, too, is as expected; if nothing but other versions' scenarios was asked for, nothing ran. */
function outcomesOf({ runs }: TreeCheckReport): Outcome[] {
  if (runs.every(({ verdict }) => verdict === 'otherVersions')) return ['notModelled'];
  return runs.map(({ verdict, violated }) =>
    verdict !== 'violated' ? outcomes[verdict] : violated.every(({ known }) => known) ? 'asExpected' : 'violated',
  );
}
