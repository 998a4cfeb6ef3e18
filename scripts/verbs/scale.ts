/** `mmucheck scale`: the sizes of the mails, one schedule. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { z } from 'zod';
import { runScale, type ScaleReport, scalePlot, scaleReportSchema } from '../../checks/index.ts';
import { count, duration } from '../print/numbers.ts';
import { table, tableWidth } from '../print/table.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({ reduced: z.boolean().default(false), out: z.string().optional() });

export const scaleVerb = verb<ScaleReport>({
  name: 'scale',
  summary: 'Run procedures at the sizes of the mails, one schedule, and count what the mails count.',
  arguments: [{ name: '[names...]', help: 'only these runs: 2013, 2020, 2021, 2022, 2023; all if left out' }],
  options: [
    new Option('--reduced', 'scaled down, for a first look'),
    new Option('-o, --out <folder>', 'write each run there, as JSON, with its plot as SVG'),
  ],
  examples: [
    { line: 'scale 2021', does: 'roots that vCPUs drop when a guest process exits' },
    { line: 'scale --out plots', does: 'all runs, each with a plot' },
  ],
  schema: scaleReportSchema,
  whenInterrupted: 'NAME selects a run; --reduced is a first look.',
  run: async ({ arguments: names, options }, terminal) => {
    const { reduced, out } = optionsSchema.parse(options);
    const report = await runScale({
      names,
      size: reduced ? 'reduced' : 'full',
      onProgress: (line) => terminal.progress(line),
      signal: terminal.signal,
    });
    if (out !== undefined) write(out, report);
    return { report, outcomes: report.runs.map(({ asExpected }) => (asExpected ? 'asExpected' : 'violated')) };
  },
  print: ({ runs }, terminal) =>
    runs
      .map(({ name, title, size, counts, notes, milliseconds, megabytes }) => {
        const rows = counts.map((each) => [
          each.variant,
          each.what,
          `${each.relation === 'atMost' ? '≤ ' : ''}${count(each.expected)}`,
          count(each.counted),
          each.asExpected ? terminal.style('green', 'as expected') : terminal.style('red', 'not as expected'),
        ]);
        return [
          `${terminal.style('bold', name)} ${title}${size === 'reduced' ? ', scaled down' : ''}  (${duration(milliseconds)}, ${count(megabytes)} MB)`,
          table(['variant', 'what', 'expected', 'counted', ''], rows, {
            right: ['expected', 'counted'],
            wrap: ['what'],
            width: tableWidth(terminal),
          }),
          ...notes.map((note) => terminal.style('dim', `  ${note}`)),
          '',
        ].join('\n');
      })
      .join('\n'),
});

function write(folder: string, { runs }: ScaleReport): void {
  mkdirSync(folder, { recursive: true });
  for (const run of runs) {
    writeFileSync(join(folder, `scale-${run.name}.json`), `${JSON.stringify(run, null, 2)}\n`);
    writeFileSync(join(folder, `scale-${run.name}.svg`), scalePlot(run));
  }
}
