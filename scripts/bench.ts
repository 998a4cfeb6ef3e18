/** `npm run bench`: how fast the explorer is, beside what was recorded last and beside Spin; or what a second worker brings. */
import { Command } from 'commander';
import { type BenchReport, compareWorkers, runBench, workersSubjects } from '../checks/index.ts';

const options = new Command('npm run bench --')
  .description('Measure searches. Read ratios: figures of shared machines differ from minute to minute.')
  .option('--quick', 'two-phase commit with 7 managers instead of 9')
  .option('--runs <n>', 'runs of each, of which the median is taken', '3')
  .option('--medium', 'scenarios at medium bounds, too')
  .option('--only <text>', 'only what has this in its name')
  .option(
    '--workers',
    'instead: one worker and two on two-phase commit and on counters with many small levels, each search in a process of its own',
  )
  .option('--record', 'take the figures over into bench/last.json')
  .parse()
  .opts<{ quick?: true; runs: string; medium?: true; only?: string; workers?: true; record?: true }>();

const write = (text: string): void => void process.stdout.write(`${text}\n`);
const thousands = (n: number): string => Math.round(n / 1000).toLocaleString('en');
const ratio = (value: number | null): string => (value === null ? '-' : `x${value.toFixed(2)}`);
const row = (cells: readonly string[]): string => cells.map((cell, k) => (k === 0 ? cell.padEnd(46) : cell.padStart(10))).join('');

const runs = Math.max(1, Number(options.runs) || 1);
if (options.workers === true) await benchWorkers();
else benchSearches();

async function benchWorkers(): Promise<void> {
  write(row(['', 'states', '1: s', 'CPU s', '2: s', 'CPU s', '1 over 2', 'quiet']));
  for await (const { subject, way, states, one, two, speedup, quietSpeedup } of compareWorkers(workersSubjects, runs)) {
    const seconds = [one.seconds, one.cpuSeconds, two.seconds, two.cpuSeconds].map((value) => value.toFixed(2));
    write(row([`${subject}, ${way}`, states.toLocaleString('en'), ...seconds, `x${speedup.toFixed(2)}`, `x${quietSpeedup.toFixed(2)}`]));
  }
  write('Seconds of the search by the clock, and of processor time of all threads, which tell how busy the machine was otherwise.');
  write('1 over 2: by the clock. Quiet: by processor time of the main thread, which is what cores give that have nothing else to do.');
}

function benchSearches(): void {
  write(row(['', 'states', 'k states/s', 'k steps/s', 'to last', 'words', 'bits', 'bytes', 'hashing', 'verdict s', 'to last']));
  const report: BenchReport = runBench(
    {
      managers: options.quick === true ? 7 : 9,
      runs,
      presets: options.medium === true ? ['small', 'medium'] : ['small'],
      ...(options.only === undefined ? {} : { only: options.only }),
      onMeasured: ({ measurement: m, speed, time, sameStates }) => {
        const cells = [m.name, m.states.toLocaleString('en'), thousands(m.statesPerSecond), thousands(m.stepsPerSecond), ratio(speed)];
        const sizes = [`${m.words}`, `${m.bits}`, m.bytesPerState.toFixed(0), `${(100 * m.hashingShare).toFixed(0)} %`];
        write(row([...cells, ...sizes, m.secondsToVerdict.toFixed(2), ratio(time)]));
        if (m.verdict === 'incomplete') write('  incomplete: a limit came first');
        if (sameStates === false) write('  not the recorded number of states: the rates are of different work');
      },
    },
    options.record === true,
  );
  write('');
  write('Rates are per second of processor time, all threads counted; seconds to a verdict are by the clock and include compiling.');
  write(
    report.spin === null || report.timesSpin === null
      ? 'Spin is not on PATH, or two-phase commit was not measured.'
      : `Spin, depth first, two-phase commit: ${report.spin.states.toLocaleString('en')} states, ${thousands(report.spin.statesPerSecond)} k states/s; ours is x${report.timesSpin.toFixed(2)} of that.`,
  );
  if (report.recorded) write('Recorded in bench/last.json.');
}
