/** `mmucheck check`: the main job. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { z } from 'zod';
import { type CheckReport, checkReportSchema, recordStates, runCheck, WrongUse } from '../../checks/index.ts';
import {
  backEndOption,
  backEndSchema,
  boundsOption,
  boundsSchema,
  checkpointOptions,
  compressOption,
  jobsOption,
  limitOptions,
  limitsOf,
  limitsSchema,
  outOption,
  reductionOptions,
  reductionsOf,
  reductionsSchema,
  selectionOptions,
  selectionSchema,
  workersOption,
  workersSchema,
} from '../options.ts';
import { checkText } from '../print/checkText.ts';
import { progressLine } from '../print/progress.ts';
import { troubleOn } from '../print/trouble.ts';
import { traceName, writeTraces } from '../print/writeTraces.ts';
import { verb } from '../verb.ts';
import { checkOutcomes } from './checkOutcomes.ts';

const optionsSchema = z.object({
  ...selectionSchema.shape,
  ...limitsSchema.shape,
  ...boundsSchema.shape,
  ...backEndSchema.shape,
  ...workersSchema.shape,
  ...reductionsSchema.shape,
  jobs: z.number().optional(),
  compress: z.boolean().optional(),
  out: z.string().optional(),
  fingerprints: z.boolean().default(false),
  record: z.string().optional(),
  checkpoint: z.string().optional(),
  checkpointEvery: z.number().default(60),
});

export const checkVerb = verb<CheckReport>({
  name: 'check',
  summary: 'Check the built-in scenarios with all their variants against what is expected of them.',
  arguments: [],
  options: [
    ...selectionOptions,
    boundsOption,
    ...limitOptions,
    backEndOption,
    workersOption,
    jobsOption,
    ...reductionOptions,
    outOption,
    new Option('--fingerprints', 'keep 64 bits of each state instead of the state: less memory, a small chance to miss one'),
    compressOption,
    ...checkpointOptions,
    new Option('--record <why>', 'take the numbers of states over into checks/states.json, with the reason why they changed'),
  ],
  examples: [
    { line: 'check', does: 'everything at small bounds' },
    { line: 'check --scenario 3.3-B --variant posted --out traces', does: 'one run, its traces written to a folder' },
    { line: 'check --bounds medium --time 300', does: 'larger machines, five minutes a run at most' },
    { line: 'check --bounds large --checkpoint kept', does: 'saved every minute: mmucheck resume kept goes on' },
  ],
  schema: checkReportSchema,
  whenInterrupted: '--scenario and --variant select a part; --time ends each run by itself; with --checkpoint, mmucheck resume goes on.',
  run: async ({ options }, terminal) => {
    const given = optionsSchema.parse(options);
    const { report, traces } = await runCheck({
      scenarios: given.scenario,
      variants: given.variant,
      properties: given.property,
      preset: given.bounds,
      limits: limitsOf(given),
      fingerprints: given.fingerprints,
      ...(given.compress === undefined ? {} : { compress: given.compress }),
      ...(given.backEnd === undefined ? {} : { backEnd: given.backEnd }),
      workers: given.workers,
      ...(given.jobs === undefined ? {} : { jobs: given.jobs }),
      reductions: reductionsOf(given),
      stats: given.stats,
      traces: given.out !== undefined,
      signal: terminal.signal,
      ...(given.checkpoint === undefined
        ? {}
        : {
            checkpoint: {
              folder: given.checkpoint,
              everyMs: given.checkpointEvery * 1000,
              resume: false,
              out: given.out === undefined ? null : resolve(given.out),
              onTrouble: troubleOn(terminal),
            },
          }),
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    if (given.record !== undefined) {
      if (Object.values(reductionsOf(given)).includes(true))
        throw new WrongUse('--record takes runs without reductions: leave out --renaming and --ample');
      if (given.property.length > 0) throw new WrongUse('--record takes whole runs: leave out --property');
      terminal.err(`recorded: ${recordStates(report.runs, given.record).join(', ') || 'nothing changed'}\n`);
    }
    if (given.out !== undefined) writeTraces(given.out, traces, traceName);
    return { report, outcomes: checkOutcomes(report, given.record !== undefined) };
  },
  print: checkText,
});
