/** `mmucheck resume`: a check, or the judgement of a patch, that was interrupted, from its last checkpoints on. */
import { z } from 'zod';
import {
  type CheckReport,
  checkReportSchema,
  holdsPatch,
  type PatchReport,
  readAsked,
  readPatchAsked,
  runCheck,
} from '../../checks/index.ts';
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
import { troubleOn } from '../print/trouble.ts';
import { traceName, writeTraces } from '../print/writeTraces.ts';
import { verb } from '../verb.ts';
import { checkOutcomes } from './checkOutcomes.ts';
import { judgeAsked, patchVerb } from './patch.ts';

const optionsSchema = z.object({
  ...limitsSchema.shape,
  ...backEndSchema.shape,
  ...workersSchema.shape,
  compress: z.boolean().optional(),
  out: z.string().optional(),
});

export const resumeVerb = verb<CheckReport | PatchReport>({
  name: 'resume',
  summary: 'Go on with a check, or a patch, that was interrupted, or ended by a limit, from its last checkpoints.',
  arguments: [{ name: '<folder>', help: 'the folder that was given to check --checkpoint or patch --checkpoint' }],
  options: [...limitOptions, backEndOption, workersOption, compressOption, outOption],
  examples: [
    { line: 'resume kept', does: 'ends as if nothing had happened' },
    { line: 'resume kept --memory 8192', does: 'with a limit of its own; the others stay as they were' },
  ],
  schema: checkReportSchema,
  whenInterrupted: 'The same command goes on.',
  run: async ({ arguments: [folder = ''], options }, terminal) => {
    const given = optionsSchema.parse(options);
    const onTrouble = troubleOn(terminal);
    if (holdsPatch(folder)) {
      const asked = readPatchAsked(folder);
      const limits = { ...asked.limits, ...limitsOf(given) };
      const kept = { folder, everyMs: asked.everyMs, resume: true, out: asked.out, onTrouble };
      return { ...(await judgeAsked({ ...asked, limits, out: given.out ?? asked.out }, given, kept, terminal)), as: patchVerb };
    }
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
        onTrouble,
      },
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    if (out !== null) writeTraces(out, traces, traceName);
    return { report, outcomes: checkOutcomes(report, false) };
  },
  // A patch's report is printed by the verb that it is of.
  print: (report, terminal) => checkText(report as CheckReport, terminal),
});
