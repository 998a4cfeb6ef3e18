/** `npm run compare:spin`: every scenario and variant in our explorer and in Spin; exit 1 if they do not agree. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { compareWithSpin, presetNames, type SpinComparison, selectRuns, spinInstalled, spinWays } from '../checks/index.ts';

const options = new Command('npm run compare:spin --')
  .description('Search runs with our explorer and with Spin. Times are by the clock, of one sitting: read ratios.')
  .option('-s, --scenario <ids>', 'only these scenarios, separated by commas', '')
  .option('-v, --variant <names>', 'only these variants', '')
  .option('-b, --bounds <preset>', `one of ${presetNames.join(', ')}`, 'small')
  .option('--ways <names>', `how Spin stores states: ${Object.keys(spinWays).join(', ')}`, 'full')
  .option('--json <file>', 'write the figures there')
  .parse()
  .opts<{ scenario: string; variant: string; bounds: string; ways: string; json?: string }>();

const write = (text: string): void => void process.stdout.write(`${text}\n`);
const words = (text: string): string[] => text.split(',').filter((word) => word !== '');

if (!spinInstalled()) {
  write('Skipped: spin or cc is not on PATH.');
} else {
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
