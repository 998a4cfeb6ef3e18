/**
 * `npm run coverage -- REPORT…`: what `check-tree --json` reported over all scenarios, a file a tree, as the tables of docs/trees.md. `--write` puts
 * them there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { coverageTables, treeCheckReportSchema, UnreadableInput } from '../checks/index.ts';

const command = new Command('npm run coverage --')
  .description('Make tables of what check-tree --json reported.')
  .argument('<reports...>', 'files; the first one is told by functions, too')
  .option('--write', 'put the tables into docs/trees.md')
  .parse();
const [begin, end] = ['<!-- coverage: begin -->', '<!-- coverage: end -->'];
const file = 'docs/trees.md';

try {
  const tables = coverageTables(command.args.map(reportIn));
  if (command.opts<{ write?: true }>().write === true) {
    const text = readFileSync(file, 'utf8');
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new UnreadableInput(`${file}: has no place for the tables`);
    writeFileSync(file, `${text.slice(0, from + begin.length)}\n${tables}\n${text.slice(to)}`);
  } else process.stdout.write(`${tables}\n`);
} catch (error) {
  if (!(error instanceof UnreadableInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 65;
}

function reportIn(path: string): ReturnType<typeof treeCheckReportSchema.parse> {
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new UnreadableInput(`${path}: no JSON can be read from it; give what check-tree --json printed`);
  }
  const { verb: _verb, mmucheck: _mmucheck, exitCode: _exitCode, ...report } = Object(text) as Record<string, unknown>;
  const parsed = treeCheckReportSchema.safeParse(report);
  if (!parsed.success) throw new UnreadableInput(`${path}: is no report of check-tree: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}
