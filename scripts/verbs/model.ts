/** `mmucheck model`: the procedures of a run as TypeScript. */
import { Option } from 'commander';
import { z } from 'zod';
import { type ModelReport, modelReportSchema, showModel } from '../../checks/index.ts';
import { boundsOption, boundsSchema } from '../options.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({ ...boundsSchema.shape, scenario: z.string(), variant: z.string() });

export const modelVerb = verb<ModelReport>({
  name: 'model',
  summary: 'Print procedures as they are checked: the IR of a run, as TypeScript.',
  arguments: [{ name: '[procedures...]', help: 'only these; all that the run can reach if left out' }],
  options: [
    new Option('-s, --scenario <id>', 'the scenario').makeOptionMandatory(),
    new Option('-v, --variant <name>', 'its variant').makeOptionMandatory(),
    boundsOption,
  ],
  examples: [{ line: 'model -s 3.3-B -v posted is_obsolete_root', does: 'one procedure of the patch as posted' }],
  schema: modelReportSchema,
  run: async ({ arguments: procedures, options }) => {
    const { scenario, variant, bounds } = optionsSchema.parse(options);
    return { report: showModel({ scenario, variant, preset: bounds, procedures }), outcomes: [] };
  },
  print: ({ procedures }) => procedures.map(({ file, line, text }) => `// ${file}:${line}\n${text.trimEnd()}\n`).join('\n'),
});
