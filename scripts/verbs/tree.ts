/** `mmucheck tree`: what of a kernel tree the model can take. */
import { Option } from 'commander';
import { z } from 'zod';
import { type TreeReport, treeReport, treeReportSchema } from '../../checks/index.ts';
import { table, tableWidth } from '../print/table.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({ bind: z.string().optional() });

export const treeVerb = verb<TreeReport>({
  name: 'tree',
  summary: 'List which functions of a kernel tree the model can take, and why it cannot take the others.',
  arguments: [{ name: '<directory>', help: 'the top of a kernel tree, unpacked; nothing in it is executed or changed' }],
  options: [new Option('--bind <file>', 'more bindings of C names to the model (JSON)')],
  examples: [
    { line: 'tree linux-6.12', does: 'functions by file, with the first thing that each lacks' },
    { line: 'tree linux-6.12 --bind more.json --json', does: 'with bindings of your own; for scripts' },
  ],
  schema: treeReportSchema,
  run: async ({ arguments: [directory = '.'], options }) => {
    const report = await treeReport({ directory, bind: optionsSchema.parse(options).bind ?? null });
    return { report, outcomes: [report.counts.imported === 0 ? 'notModelled' : 'asExpected'] };
  },
  print: ({ tree, version, functions, counts }, terminal) => {
    const files = [...new Set(functions.map(({ file }) => file))];
    const sum = (file: string, status: string) => functions.filter((one) => one.file === file && one.status === status).length.toString();
    const statuses = ['imported', 'ignorable', 'unmodelled', 'unparsed'] as const;
    return [
      `${tree}: version ${version ?? 'unknown'}`,
      '',
      table(
        ['file', ...statuses],
        [
          ...files.map((file) => [file, ...statuses.map((status) => sum(file, status))]),
          ['together', ...statuses.map((status) => counts[status].toString())],
        ],
        { right: [...statuses] },
      ),
      ...files.flatMap((file) => [
        '',
        file,
        table(
          ['line', 'function', 'status', 'first thing that the model has not'],
          functions
            .filter((one) => one.file === file)
            .map(({ line, name, status, reason }) => [String(line), name, status, (reason ?? '').replace(`${file}:`, 'line ')]),
          { right: ['line'], wrap: ['first thing that the model has not'], width: tableWidth(terminal) },
        ),
      ]),
      '',
    ].join('\n');
  },
});
