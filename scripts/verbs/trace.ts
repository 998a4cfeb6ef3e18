/** `mmucheck trace`: a trace file as a person reads it. */
import { Option } from 'commander';
import { z } from 'zod';
import { patchOf, readTraceFile, renderTrace, type Trace, type TraceReport, traceFormats, traceReportSchema } from '../../checks/index.ts';
import { type Judged, replayCommand } from '../print/replayCommand.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({ format: z.enum(traceFormats) });

export const traceVerb = verb<TraceReport>({
  name: 'trace',
  summary: 'Show a trace file: a lane per CPU, the violating line marked, and why it violates.',
  arguments: [{ name: '<file>', help: 'a trace that mmucheck wrote, or one of counterexamples/corpus' }],
  options: [
    new Option('-f, --format <form>', 'text, mail (at most 72 columns, with a subject) or json').choices(traceFormats).default('text'),
  ],
  examples: [
    { line: 'trace out/I-10.json', does: 'for the terminal' },
    { line: 'trace out/I-10.json --format mail', does: 'to paste into a reply' },
  ],
  schema: traceReportSchema,
  run: async ({ arguments: [file = ''], options }) => {
    const { format } = optionsSchema.parse(options);
    return { report: { file, trace: await readTraceFile(file), format }, outcomes: [] };
  },
  print: ({ file, trace, format }) => renderTrace(trace, format, replayCommand(file, judgedOf(trace))),
});

/** Of a trace that a patch made: the patch, or what stands for it where a tree's file is all that the trace names. */
function judgedOf(trace: Trace): Judged {
  const made = patchOf(trace);
  if (made === null) return { files: [] };
  return /\.[ch]$/.test(made) ? { files: ['PATCH'], tree: 'TREE' } : { files: [made] };
}
