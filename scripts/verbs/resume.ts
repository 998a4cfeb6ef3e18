/** `mmucheck resume`: a check that was interrupted, from its last checkpoints on. */
import { z } from 'zod';
import { type CheckReport, checkReportSchema, escapeText, readAsked, runCheck } from '../../checks/index.ts';
import {
  backEndOption,
  backEndSchema,
  compressOption,
  limitOptions,
  limitsOf,
  limitsSchema,
  outOption,
  workersOption,
  workersSchema,
} from '../options.ts';
import { checkText } from '../print/checkText.ts';
import { progressLine } from '../print/progress.ts';
import { traceName, writeTraces } from '../print/writeTraces.ts';
import { verb } from '../verb.ts';
import { checkOutcomes } from './checkOutcomes.ts';

const optionsSchema = z.object({
  ...limitsSchema.shape,
  ...backEndSchema.shape,
  ...workersSchema.shape,
  compress: z.boolean().optional(),
  out: z.string().optional(),
});

export const resumeVerb = verb<CheckReport>({
  name: 'resume',
  summary: 'Go on with a check that was interrupted, or ended by a limit, from its last checkpoints.',
  arguments: [{ name: '<folder>', help: 'the folder that was given to check --checkpoint' }],
  options: [...limitOptions, backEndOption, workersOption, compressOption, outOption],
  examples: [
    { line: 'resume kept', does: 'ends as if nothing had happened' },
    { line: 'resume kept --memory 8192', does: 'with a limit of its own; the others stay as they were' },
  ],
  schema: checkReportSchema,
  whenInterrupted: 'The same command goes on.',
  run: async ({ arguments: [folder = ''], options }, terminal) => {
    const given = optionsSchema.parse(options);
    const { scenarios, variants, properties, preset, limits, fingerprints, reductions, everyMs, out: outBefore } = readAsked(folder);
    const out = given.out ?? outBefore;
    const { report, traces } = await runCheck({
      scenarios,
      variants,
      properties,
      preset,
      limits: { ...limits, ...limitsOf(given) },
      fingerprints,
      ...(given.backEnd === undefined ? {} : { backEnd: given.backEnd }),
      workers: given.workers,
      ...(given.compress === undefined ? {} : { compress: given.compress }),
      reductions,
      traces: out !== null,
      signal: terminal.signal,
      checkpoint: {
        folder,
        everyMs,
        resume: true,
        out,
        onTrouble: (message) => terminal.err(`mmucheck: ${escapeText(message, 400)}\n`),
      },
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    if (out !== null) writeTraces(out, traces, traceName);
    return { report, outcomes: checkOutcomes(report, false) };
  },
  print: checkText,
});
