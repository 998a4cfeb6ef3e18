/** `npm run regress`: known mutations of real kernel trees, each judged as a patch on its tree, and its inverse as the patch that mends it. */
import { constants, setPriority } from 'node:os';
import Table from 'cli-table3';
import { Command } from 'commander';
import { type JudgedEdit, runEdits, UnreadableInput, WrongUse } from '../checks/index.ts';

const options = new Command('npm run regress --')
  .description('Edit kernel trees in memory by short scripts, and judge what comes of it. Nothing of a tree is written or kept.')
  .option('--tree <folder...>', 'kernel trees, unpacked; otherwise those that MMUCHECK_TREES names')
  .option('--only <names...>', 'only these edits', [])
  .option('--every <n>', 'only each n-th of the edits of a tree', Number, 1)
  .option('--all', 'run every scenario that comes to the function, not only those that are enough')
  .option('--json', 'print the rows as JSON')
  .parse()
  .opts<{ tree?: string[]; only: string[]; every: number; all?: true; json?: true }>();

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
try {
  await run();
} catch (error) {
  if (!(error instanceof UnreadableInput) && !(error instanceof WrongUse)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof WrongUse ? 64 : 65;
}

async function run(): Promise<void> {
  const trees = options.tree ?? (process.env['MMUCHECK_TREES'] ?? '').split(':').filter((directory) => directory !== '');
  if (trees.length === 0) throw new WrongUse('no kernel tree: give --tree, or set MMUCHECK_TREES');
  if (!Number.isInteger(options.every) || options.every < 1) throw new WrongUse('--every takes a whole number from 1 on');
  const rows = await runEdits({
    trees,
    only: options.only,
    every: options.every,
    ...(options.all === undefined ? {} : { all: true }),
    onJudged: ({ name, tree, asExpected, seconds }) =>
      process.stderr.write(`${asExpected ? 'as expected' : 'NOT AS EXPECTED'}: ${name} on ${tree} (${seconds.toFixed(1)} s)\n`),
  });
  process.stdout.write(options.json === true ? `${JSON.stringify(rows, null, 2)}\n` : tableOf(rows));
  if (rows.some(({ asExpected }) => !asExpected)) process.exitCode = 1;
}

function tableOf(rows: readonly JudgedEdit[]): string {
  const table = new Table({
    head: ['mutation', 'tree', 'function', 'verdict', 'properties', 'expected', 'inverse', 'time'],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: [34, 18, 30, 13, 24, 16, 22, 8],
  });
  for (const row of rows) {
    const { expected, inverse } = row;
    const wanted = expected.verdict === 'violated' ? expected.breaks.join(' ') : `${expected.verdict}: ${expected.why}`;
    const mended = inverse === null ? '-' : `${inverse.verdict}, mends ${inverse.mends.join(' ') || 'nothing'}`;
    const verdict = row.asExpected ? row.verdict : `${row.verdict} (!)`;
    table.push([row.name, row.tree, row.function, verdict, row.breaks.join(' ') || '-', wanted, mended, `${row.seconds.toFixed(1)} s`]);
  }
  const wrong = rows.filter(({ asExpected }) => !asExpected);
  const violated = rows.filter(({ verdict, asExpected }) => verdict === 'violated' && asExpected).length;
  const reasons = rows.flatMap(({ name, tree, reasons: own, verdict }) =>
    verdict === 'violated' || own.length === 0 ? [] : [`  ${name} on ${tree}: ${own.join('; ')}`],
  );
  return [
    table.toString(),
    `${rows.length} mutations: ${violated} violated as expected, ${rows.length - violated - wrong.length} known to be less, ${wrong.length} not as expected.`,
    ...(reasons.length === 0 ? [] : ['Why some have another verdict:', ...reasons]),
    '',
  ].join('\n');
}
