/** `mmucheck explain`: a page about a scenario, a variant or a property. */
import { type ExplainReport, explain, explainReportSchema } from '../../checks/index.ts';
import { wrapped } from '../print/wrapped.ts';
import { verb } from '../verb.ts';

export const explainVerb = verb<ExplainReport>({
  name: 'explain',
  summary: 'Explain a scenario, one of its variants, or a property.',
  arguments: [
    { name: '<name>', help: 'a scenario (3.3-B) or a property (I-10)' },
    { name: '[variant]', help: 'a variant of the scenario' },
  ],
  options: [],
  examples: [
    { line: 'explain I-10', does: 'what it says, when, and where it is checked' },
    { line: 'explain 3.3-B posted', does: 'what this variant replaces' },
  ],
  schema: explainReportSchema,
  run: async ({ arguments: words }) => ({ report: explain(words), outcomes: [] }),
  print: ({ id, title, sections }, terminal) =>
    [
      terminal.style('bold', `${id}: ${title}`),
      ...sections.flatMap(({ heading, lines }) => [
        '',
        terminal.style('bold', heading),
        ...lines.flatMap((line) => wrapped(line, Math.min(terminal.width, 100), '  ')),
      ]),
      '',
    ].join('\n'),
});
