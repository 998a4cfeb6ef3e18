/** `npm run compare:spin`: our explorer and Spin on the same systems; exit 1 if they do not agree. */
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  compareWithSpin,
  type Figures,
  type Measured,
  measureAll,
  measuredText,
  packageRoot,
  presetNames,
  rateOf,
  type SpinComparison,
  selectRuns,
  spinInstalled,
  spinWaysOfComparison,
  usualSubjects,
  withMeasured,
} from '../checks/index.ts';

const page = join(packageRoot(), 'docs', 'performance.md');
const options = new Command('npm run compare:spin --')
  .description('Search runs with our explorer and with Spin. Times are by the clock, of one sitting: read ratios.')
  .option('-s, --scenario <ids>', 'only these scenarios, separated by commas', '')
  .option('-v, --variant <names>', 'only these variants', '')
  .option('-b, --bounds <preset>', `one of ${presetNames.join(', ')}`, 'small')
  .option('--ways <names>', `how Spin stores states: ${Object.keys(spinWaysOfComparison).join(', ')}`, 'full')
  .option('--json <file>', 'write the figures there')
  .option('--measure', 'instead: every way to search of both on a few subjects, and the table in docs/performance.md')
  .option('--subjects <names>', 'for --measure: 2pc-N and SCENARIO:VARIANT:BOUNDS, separated by commas', usualSubjects.join(','))
  .option('--only <text>', 'for --measure: only ways that have this in their name; the page stays as it is', '')
  .option('--time <seconds>', 'for --measure: limit of each search', '60')
  .option('--memory <megabytes>', 'for --measure: limit of each search', String(Math.floor((0.6 * totalmem()) / 2 ** 20)))
  .option('--total <seconds>', 'for --measure: begin no further subject after this time', '720')
  .option('--dry', 'for --measure: print the table, leave the page as it is')
  .parse()
  .opts<{
    scenario: string;
    variant: string;
    bounds: string;
    ways: string;
    json?: string;
    measure?: true;
    subjects: string;
    only: string;
    time: string;
    memory: string;
    total: string;
    dry?: true;
  }>();

const write = (text: string): void => void process.stdout.write(`${text}\n`);
const words = (text: string): string[] => text.split(',').filter((word) => word !== '');

if (options.measure === true) await measureTable();
else if (spinInstalled()) compareStates();
else write('Skipped: spin or cc is not on PATH.');

function compareStates(): void {
  const preset = presetNames.find((name) => name === options.bounds);
  if (preset === undefined) throw new Error(`no bounds ${options.bounds}`);
  const runs = selectRuns({ scenarios: words(options.scenario), variants: words(options.variant), properties: [] });
  write(['run'.padEnd(30), 'way'.padEnd(20), 'states'.padStart(10), 'search s', 'k states/s', 'verdict s', '    MB'].join('  '));
  const all: SpinComparison[] = [];
  for (const run of runs) {
    const comparison = compareWithSpin(run, preset, words(options.ways));
    all.push(comparison);
    print(comparison);
  }
  const wrong = all.filter(({ differences }) => differences.length > 0);
  write(`${all.length - wrong.length} of ${all.length} agree.`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

function print({ run, figures, differences }: SpinComparison): void {
  figures.forEach(({ way, states, searchSeconds, verdictSeconds, megabytes }, k) => {
    const rate = searchSeconds > 0 ? (states / searchSeconds / 1000).toFixed(0) : '-';
    const cells = [states.toLocaleString('en').padStart(10), searchSeconds.toFixed(2).padStart(8), rate.padStart(10)];
    write(
      [
        (k === 0 ? run : '').padEnd(30),
        way.padEnd(20),
        ...cells,
        verdictSeconds.toFixed(2).padStart(9),
        megabytes.toFixed(0).padStart(6),
      ].join('  '),
    );
  });
  for (const line of differences) write(`  DIFFERENT ${line}`);
}

async function measureTable(): Promise<void> {
  const limits = { seconds: positive('--time', options.time), megabytes: positive('--memory', options.memory) };
  const spin = spinInstalled();
  if (!spin) write('Spin or cc is not on PATH: ours alone, and the page stays as it is.');
  const { measured, leftOut } = await measureAll({
    subjects: words(options.subjects),
    limits,
    only: options.only,
    totalSeconds: positive('--total', options.total),
    spin,
    onFigures: ({ title }, figures) => write(`${title.padEnd(34)}${figuresLine(figures)}`),
  });
  const left = leftOut.length === 0 ? '' : ` No time was left for ${leftOut.join(', ')}.`;
  const about = `${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores (${arch()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. Each search may take ${limits.seconds} s and ${limits.megabytes} MiB.${left}`;
  const text = measuredText(measured, about);
  write(`\n${text}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(measured, null, 2)}\n`);
  if (spin && options.only === '' && options.dry !== true) writeFileSync(page, withMeasured(readFileSync(page, 'utf8'), text));
  if (measured.some(({ differences }: Measured) => differences.length > 0)) process.exitCode = 1;
}

function figuresLine(figures: Figures): string {
  const { way, states, searchSeconds, verdictSeconds, cores, notes } = figures;
  const rate = rateOf(figures);
  const cells = [
    (states ?? 0).toLocaleString('en').padStart(12),
    `${searchSeconds?.toFixed(2) ?? '-'} s`.padStart(10),
    `${rate === null ? '-' : Math.round(rate / 1000)} k/s`.padStart(11),
    `verdict ${verdictSeconds.toFixed(2)} s`.padStart(17),
  ];
  return `${way.padEnd(40)}${cores} ${cells.join('')}  ${notes.join('; ')}`;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} takes a positive number, not ${text}`);
  return value;
}
