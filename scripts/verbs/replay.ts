/** `mmucheck replay`: a trace, run again without a search. */
import { Option } from 'commander';
import { z } from 'zod';
import { escapeText, type ReplayReport, readTraceFile, replay, replayReportSchema } from '../../checks/index.ts';
import { verb } from '../verb.ts';

export const replayVerb = verb<ReplayReport>({
  name: 'replay',
  summary: 'Run a trace again, step by step, and say whether it still violates.',
  arguments: [{ name: '<file>', help: 'a trace that mmucheck wrote' }],
  options: [
    new Option('-v, --variant <name>', 'on this variant of the scenario instead of the one that the trace is of'),
    new Option('--patch <file>', 'with the functions of this patch, as the trace was made or to see what it changes'),
  ],
  examples: [
    { line: 'replay traces/3.3-B-posted-I-10.json', does: 'exit code 1: it still violates' },
    { line: 'replay traces/3.3-B-posted-I-10.json --variant fixed', does: 'the same schedule on the fix: where the two part' },
  ],
  schema: replayReportSchema,
  run: async ({ arguments: [file = ''], options }) => {
    const { variant, patch } = z.object({ variant: z.string().optional(), patch: z.string().optional() }).parse(options);
    const trace = await readTraceFile(file);
    const report = await replay(file, trace, { ...(variant === undefined ? {} : { variant }), ...(patch === undefined ? {} : { patch }) });
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
