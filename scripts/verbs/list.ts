/** `mmucheck list`: what there is to check. */
import { type ListReport, listModel, listReportSchema } from '../../checks/index.ts';
import { table, tableWidth } from '../print/table.ts';
import { verb } from '../verb.ts';

export const listVerb = verb<ListReport>({
  name: 'list',
  summary: 'List scenarios, their variants, and properties.',
  arguments: [],
  options: [],
  examples: [{ line: 'list', does: 'names for --scenario, --variant and --property' }],
  schema: listReportSchema,
  run: async () => ({ report: listModel(), outcomes: [] }),
  print: ({ scenarios, properties }, terminal) =>
    [
      table(
        ['scenario', 'era', 'about', 'variants'],
        scenarios.map(({ id, era, variants, title }) => [id, era, title, variants.join(', ')]),
        { wrap: ['about', 'variants'], width: tableWidth(terminal) },
      ),
      '',
      table(
        ['property', 'kind', 'name'],
        properties.map(({ id, kind, name }) => [id, kind, name]),
      ),
      '',
      'mmucheck explain NAME tells more about a scenario or a property.',
      '',
    ].join('\n'),
});
