/** `npm run reductions`: every scenario and variant at small bounds, merged and unmerged, renamed and not, with ample sets and not. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { disagreementsOf, packageRoot, reductionsPage, type Tried, tryWays, wayName } from '../checks/index.ts';

const options = new Command('npm run reductions --')
  .description('Search every scenario at small bounds in every way, compare what the ways say, and write docs/reductions.md.')
  .option('--states <n>', 'at which an unmerged search is cut, merged ones at ten times as many', '300000')
  .option('--memory <MiB>', 'for the states of one search', '1024')
  .option('--scenario <ids>', 'only these, with commas between; no page is written')
  .option('--no-ample', 'only ways without ample sets; no page is written')
  .option('--journal <file>', 'each search is written there at once, and those that it holds are not made again', '.cache/reductions.jsonl')
  .option('--again', 'forget what the journal holds')
  .parse()
  .opts<{ states: string; memory: string; scenario?: string; ample: boolean; journal: string; again?: true }>();

setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
const journal = resolve(packageRoot(), options.journal);
mkdirSync(dirname(journal), { recursive: true });
if (options.again === true) writeFileSync(journal, '');
const tried = tryWays({
  statesMax: Math.max(1, Number(options.states) || 1),
  memoryBytes: 2 ** 20 * Math.max(1, Number(options.memory) || 1),
  ...(options.scenario === undefined ? {} : { scenarios: new Set(options.scenario.split(',')) }),
  ways: ({ ample }) => options.ample || !ample,
  known: existsSync(journal) ? parsed(readFileSync(journal, 'utf8')) : [],
  onTried: (one, done, all) => {
    appendFileSync(journal, `${JSON.stringify(one)}\n`);
    const end = one.said !== null ? one.said.verdict : (Object.values(one.refused)[0] ?? 'cut');
    process.stderr.write(
      `${done}/${all} ${one.scenario} ${one.variant} ${wayName(one)}: ${one.states} states, ${one.cpuSeconds} s: ${end}\n`,
    );
  },
});
const wrong = disagreementsOf(tried);
for (const text of wrong) process.stdout.write(`${text}\n`);
process.stdout.write(`${tried.length} searches, ${wrong.length} disagreements\n`);
if (options.scenario === undefined && options.ample) writeFileSync(join(packageRoot(), 'docs', 'reductions.md'), reductionsPage(tried));
process.exitCode = wrong.length === 0 ? 0 : 1;

/** The last line may be half written. */
function parsed(text: string): Tried[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
