/**
 * Runs as Promela models, for those who want to ask Spin themselves.
 *
 * In: names, a preset. Out: file texts. Never: writing them.
 */
import { z } from 'zod';
import { compileSystem, promelaOf } from '../../compiler/index.ts';
import type { PresetName } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { findScenario, scenarioId, selectRuns } from '../select.ts';
import { fileNames } from './spin.ts';

/** What makes a verifier of the files and runs it; the second needs `-c0`, since the first violation would end it. */
export const spinCommands = [
  `spin -a ${fileNames.model}`,
  'cc -O2 -w -DSAFETY -DNOREDUCE -DVECTORSZ=16384 -o pan pan.c',
  './pan -c0 -m10000000',
] as const;

export const exportReportSchema = z.object({
  language: z.literal('promela').describe('what it was exported to'),
  runs: z.array(
    z.object({
      scenario: z.string(),
      variant: z.string(),
      preset: z.enum(['small', 'medium', 'large']),
      folder: z.string().describe('where the files are'),
      files: z.array(z.object({ name: z.string(), bytes: z.int().nonnegative() })),
    }),
  ),
  commands: z.array(z.string()).describe('what Spin is run with, in each folder'),
});
export type ExportReport = z.infer<typeof exportReportSchema>;

export interface ExportedRun {
  readonly scenario: string;
  readonly variant: string;
  readonly preset: PresetName;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** All variants if `variant` is undefined. `merge`: whether statements are merged into steps as in our searches, or each is a step. Throws WrongUse for unknown names. */
export function exportPromela(scenario: string, variant: string | undefined, preset: PresetName, merge = true): ExportedRun[] {
  const chosen = { scenarios: [scenarioId(findScenario(scenario))], variants: variant === undefined ? [] : [variant], properties: [] };
  return selectRuns(chosen).map((run) => {
    const { model, header, steps } = promelaOf(compileSystem(describeSystem({ ...run, preset }), { merge }));
    return {
      scenario: scenarioId(run.scenario),
      variant: run.variant.name,
      preset,
      files: [
        { name: fileNames.model, text: model },
        { name: fileNames.header, text: header },
        { name: fileNames.steps, text: steps },
      ],
    };
  });
}
