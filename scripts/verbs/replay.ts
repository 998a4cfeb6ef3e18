/** `mmucheck replay`: a trace, run again without a search. */
import { Option } from 'commander';
import { z } from 'zod';
import { escapeText, type ReplayReport, readTraceFile, replay, replayReportSchema, WrongUse } from '../../checks/index.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  variant: z.string().optional(),
  patch: z.array(z.string()).optional(),
  tree: z.string().optional(),
  base: z.string().optional(),
  range: z.string().optional(),
  bind: z.string().optional(),
});

export const replayVerb = verb<ReplayReport>({
  name: 'replay',
  summary: 'Run a trace again, step by step, and say whether it still violates.',
  arguments: [{ name: '<file>', help: 'a trace that mmucheck wrote' }],
  options: [
    new Option('-v, --variant <name>', 'on this variant of the scenario instead of the one that the trace is of'),
    new Option(
      '--patch <file>',
      'with the functions of this patch, as the trace was made or to see what it changes; with --tree once for each file of a series',
    ).argParser((file: string, before: readonly string[] | undefined) => [...(before ?? []), file]),
    new Option('--tree <folder>', 'the kernel tree that the patch was judged on'),
    new Option('--base <revision>', 'with --tree: the files of this revision, through git'),
    new Option('--range <A..B>', 'with --tree: these commits are the patch'),
    new Option('--bind <file>', 'with --tree: the bindings that the patch was judged with'),
  ],
  examples: [
    { line: 'replay traces/3.3-B-posted-I-10.json', does: 'exit code 1: it still violates' },
    { line: 'replay traces/3.3-B-posted-I-10.json --variant fixed', does: 'the same schedule on the fix: where the two part' },
    { line: 'replay traces/I-10.json --patch fix.mbox --tree linux', does: 'a trace of patch fix.mbox --tree linux' },
  ],
  schema: replayReportSchema,
  run: async ({ arguments: [file = ''], options }) => {
    const { variant, patch, tree, base, range, bind } = optionsSchema.parse(options);
    if (tree === undefined && (base !== undefined || range !== undefined || bind !== undefined))
      throw new WrongUse('--base, --range and --bind need --tree: which repository?');
    if (range !== undefined && patch !== undefined) throw new WrongUse('--range names commits: give no --patch with it');
    if (tree !== undefined && range === undefined && patch === undefined)
      throw new WrongUse('which patch? Give it with --patch, or commits with --range');
    if (tree === undefined && patch !== undefined && patch.length > 1)
      throw new WrongUse('several patches are a series, which is judged on a tree: give one, or --tree');
    const trace = await readTraceFile(file);
    const [first] = patch ?? [];
    const report = await replay(file, trace, {
      ...(variant === undefined ? {} : { variant }),
      ...(tree === undefined ? {} : { series: { files: patch ?? [], tree, base: base ?? null, range: range ?? null, bind: bind ?? null } }),
      ...(tree !== undefined || first === undefined ? {} : { patch: first }),
    });
    return { report, outcomes: [report.stillViolates ? 'violated' : 'asExpected'] };
  },
  print: (report, terminal) => {
    const { property, scenario, variant, stillViolates, violatingStep, stepsTaken, steps, firstDifference, sameModel } = report;
    const verdict = stillViolates
      ? terminal.style('red', `still violates ${escapeText(property, 80)} after step ${violatingStep}`)
      : terminal.style('green', `does not violate ${escapeText(property, 80)} any more`);
    return [
      `${scenario} ${variant}: ${verdict} (${stepsTaken} of ${steps} steps taken)`,
      ...(firstDifference === null ? [] : [`differs at step ${firstDifference.step}: ${escapeText(firstDifference.message, 400)}`]),
      ...(sameModel === false ? ['The trace was made with another version of this model.'] : []),
      '',
    ].join('\n');
  },
});
