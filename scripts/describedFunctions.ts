/**
 * `npm run described -- TREE…`: which of the functions that the facts describe import, for each tree, as the table in docs/trees.md. `--write` puts it
 * there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { describedCounts, describedRows, describedTable, type TreeReport, treeReport, UnreadableInput } from '../checks/index.ts';

const command = new Command('npm run described --')
  .description('Tell which of the functions that the facts describe import from kernel trees.')
  .argument('<trees...>', 'kernel trees, unpacked')
  .option('--write', 'put the table into docs/trees.md')
  .parse();
const [begin, end] = ['<!-- described: begin -->', '<!-- described: end -->'];
const file = 'docs/trees.md';

try {
  const reports: TreeReport[] = [];
  for (const directory of command.args) reports.push(await treeReport({ directory, bind: null }));
  const table = describedTable(reports);
  if (command.opts<{ write?: true }>().write === true) {
    const text = readFileSync(file, 'utf8');
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new UnreadableInput(`${file}: has no place for the table`);
    writeFileSync(file, `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`);
  } else process.stdout.write(`${table}\n`);
  for (const [index, { there, imported }] of describedCounts(describedRows(reports)).entries())
    process.stderr.write(`${reports[index]?.tree ?? ''}: ${imported} of ${there}\n`);
} catch (error) {
  if (!(error instanceof UnreadableInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 65;
}
