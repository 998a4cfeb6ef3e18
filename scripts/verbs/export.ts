/** `mmucheck export`: a scenario as a model for another checker. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { z } from 'zod';
import { type ExportReport, exportPromela, exportReportSchema, spinCommands } from '../../checks/index.ts';
import { boundsOption, boundsSchema } from '../options.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  ...boundsSchema.shape,
  to: z.literal('promela'),
  variant: z.string().optional(),
  out: z.string(),
  merging: z.boolean(),
});

export const exportVerb = verb<ExportReport>({
  name: 'export',
  summary: 'Write a scenario as a Promela model, for a second opinion by Spin: the compiled steps, nothing else reduced.',
  arguments: [{ name: '<scenario>', help: 'its id' }],
  options: [
    new Option('--to <language>', 'language of the model').choices(['promela']).default('promela'),
    new Option('-v, --variant <name>', 'only this variant; all of them if left out'),
    new Option('-o, --out <folder>', 'a folder for each variant is made there').default('promela'),
    new Option('--no-merging', 'each statement is a step of its own: our reduction left to Spin, too'),
    boundsOption,
  ],
  examples: [
    { line: 'export 3.3-A --variant posted --to promela', does: 'three files in promela/3.3-A-posted, and how to run Spin on them' },
    { line: 'export 3.4-A --out /tmp/models --bounds medium', does: 'all variants at larger bounds' },
    { line: 'export 3.3-A --variant fixed --no-merging', does: 'the same by single steps: more states, the same verdicts' },
  ],
  schema: exportReportSchema,
  run: async ({ arguments: [scenario = ''], options }) => {
    const { bounds, variant, to, out, merging } = optionsSchema.parse(options);
    const runs = exportPromela(scenario, variant, bounds, merging).map(({ files, ...run }) => {
      const folder = join(out, `${run.scenario}-${run.variant}`);
      mkdirSync(folder, { recursive: true });
      for (const { name, text } of files) writeFileSync(join(folder, name), text);
      return { ...run, folder, files: files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) })) };
    });
    return { report: { language: to, runs, commands: [...spinCommands] }, outcomes: [] };
  },
  print: ({ runs, commands }) =>
    [
      ...runs.map(
        ({ scenario, variant, folder, files }) => `${scenario} ${variant}: ${files.map(({ name }) => join(folder, name)).join(' ')}`,
      ),
      '',
      'In each folder:',
      ...commands.map((command) => `  ${command}`),
      '',
      'Spin stores one state more than mmucheck finds: the one before the prologue. Lines "mmucheck: violated ID" tell what is violated.',
      '',
    ].join('\n'),
});
