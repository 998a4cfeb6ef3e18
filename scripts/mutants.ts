/** `npm run mutants`: every mutant of the kernel procedures of both engines; writes the record and its page. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  type JudgedMutant,
  type MutantVerdict,
  type MutationRecord,
  mutantsPage,
  nameOf,
  packageRoot,
  readMutationRecord,
  recordAgain,
  recordOf,
  recordWith,
  runMutants,
  writeMutationRecord,
} from '../checks/index.ts';

const options = new Command('npm run mutants --')
  .description('Try every mutant of the kernel procedures on the scenarios that execute it, at small bounds.')
  .option('--threads <n>', 'how many at a time', '2')
  .option('--time <seconds>', 'for one mutant', '120')
  .option('--states <n>', 'how many states the scenarios of one mutant may have together; dearer ones are left out', '200000')
  .option('--sample <n>', 'only so many, drawn by their ids; not recorded')
  .option('--under <path>', 'only of files that begin so, e.g. model/tdp; recorded only with --survivors')
  .option('--procedure <names>', 'only mutants of these, with commas between; recorded only with --survivors')
  .option('--operator <names>', 'only mutants by these; if the record has none of them, they are added to it')
  .option('--scenario <ids>', 'with --survivors: only on these, with commas between; what the record says of others stands')
  .option('--journal <file>', 'writes each verdict to the file at once; those that it holds already are not judged again')
  .option('--survivors', 'only those that the record lists as not killed')
  .option('--json', 'print what became of each mutant')
  .option('--page', 'only write docs/mutants.md again from the record')
  .parse()
  .opts<{
    threads: string;
    time: string;
    states: string;
    sample?: string;
    under?: string;
    procedure?: string;
    operator?: string;
    scenario?: string;
    journal?: string;
    survivors?: true;
    json?: true;
    page?: true;
  }>();

const writePage = (): void => writeFileSync(join(packageRoot(), 'docs', 'mutants.md'), mutantsPage(readMutationRecord()));

if (options.page === true) writePage();
else await run();

async function run(): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const before = known();
  const again = options.survivors === true && before !== null ? new Set(before.survivors.map(nameOf)) : null;
  const judged = await runMutants({
    threads: Math.max(1, Number(options.threads) || 1),
    timeMs: 1000 * Math.max(1, Number(options.time) || 1),
    ...(options.procedure === undefined ? {} : { procedures: new Set(options.procedure.split(',')) }),
    ...(options.operator === undefined ? {} : { operators: new Set(options.operator.split(',')) }),
    statesMax: Math.max(1, Number(options.states) || 1),
    ...(options.sample === undefined ? {} : { sample: Math.max(1, Number(options.sample) || 1) }),
    ...(options.under === undefined ? {} : { under: options.under }),
    ...(again === null ? {} : { names: again }),
    ...(options.scenario === undefined ? {} : { scenarios: options.scenario.split(',') }),
    known: journal(),
    onJudged: (mutant, done, all) => {
      if (options.journal !== undefined) appendFileSync(options.journal, `${JSON.stringify(mutant)}\n`);
      const last = mutant.runs.at(-1);
      const how = last?.outcome === 'killed' ? ` by ${last.by.join(', ')} in ${last.scenario}` : '';
      process.stderr.write(`${done}/${all} ${mutant.outcome}${how}: ${mutant.procedure}(): ${mutant.detail}: ${mutant.text}\n`);
    },
  });
  const record = recordNow(judged, before, again !== null);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ counts: record?.counts, mutants: judged }, null, 2)}\n`);
  const part = options.sample ?? options.under ?? options.procedure ?? options.scenario;
  if (options.sample !== undefined || record === null || (part !== undefined && again === null)) return;
  writeMutationRecord(record);
  writePage();
}

/** Null if it is not to be written: some of what it has was not judged. */
function recordNow(judged: readonly JudgedMutant[], before: MutationRecord | null, survivors: boolean): MutationRecord | null {
  if (before === null) return recordOf(judged, before);
  if (survivors) return recordAgain(before, judged, options.scenario !== undefined);
  if (options.operator === undefined) return recordOf(judged, before);
  const isNew = options.operator.split(',').every((operator) => before.byOperator[operator] === undefined);
  return isNew ? recordWith(before, judged) : null;
}

/** What a run before this one, which did not come to its end, has found. */
function journal(): ReadonlyMap<string, MutantVerdict> {
  if (options.journal === undefined || !existsSync(options.journal)) return new Map();
  const lines = readFileSync(options.journal, 'utf8').split('\n').slice(0, -1);
  return new Map(lines.map((line) => JSON.parse(line)).map(({ key, outcome, runs }) => [key, { outcome, runs }]));
}

/** The record so far, for its reasons; null before the first run. */
function known() {
  try {
    return readMutationRecord();
  } catch {
    return null;
  }
}
