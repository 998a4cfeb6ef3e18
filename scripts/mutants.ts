/** `npm run mutants`: every mutant of the kernel procedures, which takes a quarter of an hour; writes the record and its page. */
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { mutantsPage, packageRoot, readMutationRecord, recordAgain, recordOf, runMutants, writeMutationRecord } from '../checks/index.ts';

const options = new Command('npm run mutants --')
  .description('Try every mutant of the kernel procedures on the scenarios that execute it, at small bounds.')
  .option('--threads <n>', 'how many at a time', '2')
  .option('--time <seconds>', 'for one mutant', '120')
  .option('--procedure <names>', 'only mutants of these, with commas between; recorded only with --survivors')
  .option('--survivors', 'only those that the record lists as not killed')
  .option('--json', 'print what became of each mutant')
  .option('--page', 'only write docs/mutants.md again from the record')
  .parse()
  .opts<{ threads: string; time: string; procedure?: string; survivors?: true; json?: true; page?: true }>();

const writePage = (): void => writeFileSync(join(packageRoot(), 'docs', 'mutants.md'), mutantsPage(readMutationRecord()));

if (options.page === true) writePage();
else await run();

async function run(): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const before = known();
  const again = options.survivors === true && before !== null ? new Set(before.survivors.map(({ id }) => id)) : null;
  const judged = await runMutants({
    threads: Math.max(1, Number(options.threads) || 1),
    timeMs: 1000 * Math.max(1, Number(options.time) || 1),
    ...(options.procedure === undefined ? {} : { procedures: new Set(options.procedure.split(',')) }),
    ...(again === null ? {} : { ids: again }),
    onJudged: (mutant, done, all) => {
      const last = mutant.runs.at(-1);
      const how = last?.outcome === 'killed' ? ` by ${last.by.join(', ')} in ${last.scenario}` : '';
      process.stderr.write(`${done}/${all} ${mutant.outcome}${how}: ${mutant.procedure}(): ${mutant.detail}: ${mutant.text}\n`);
    },
  });
  const record = again !== null && before !== null ? recordAgain(before, judged) : recordOf(judged, before);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ counts: record.counts, mutants: judged }, null, 2)}\n`);
  if (options.procedure !== undefined && again === null) return;
  writeMutationRecord(record);
  writePage();
}

/** The record so far, for its reasons; null before the first run. */
function known() {
  try {
    return readMutationRecord();
  } catch {
    return null;
  }
}
