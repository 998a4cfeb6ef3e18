/** `npm run fuzz`: many damaged patches through all readers; a thread beside them tells of one that hangs. */
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Command } from 'commander';
import { FuzzFailure, fuzzCorpus, runFuzz } from '../checks/index.ts';

interface Given {
  readonly inputs: number;
  readonly seed: number;
  /** Number of the input at work, for the other thread. */
  readonly at: SharedArrayBuffer;
}
/** Seconds for one input, by the clock, after which it is said to hang. */
const hangs = 120;

if (isMainThread) watch();
else await work(workerData as Given);

function watch(): void {
  const options = new Command('npm run fuzz --')
    .description(
      'Damaged patches through the readers of mails, diffs and C. Mails and trees are looked for in MMUCHECK_SEEDS and MMUCHECK_TREES.',
    )
    .option('--inputs <n>', 'how many', '10000')
    .option('--seed <n>', 'of the first thousand; the next have the next', '1')
    .parse()
    .opts<{ inputs: string; seed: string }>();
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const at = new SharedArrayBuffer(4);
  const given: Given = { inputs: Number(options.inputs), seed: Number(options.seed), at };
  const seen = { input: -1, since: Date.now() };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: given });
  const timer = setInterval(() => {
    const input = Atomics.load(new Int32Array(at), 0);
    if (input !== seen.input) Object.assign(seen, { input, since: Date.now() });
    if (Date.now() - seen.since < hangs * 1000) return;
    process.stderr.write(`input ${input} (of seed ${given.seed + Math.floor(input / 1000)}) has hung for ${hangs} s\n`);
    process.exit(1);
  }, 5000);
  worker.on('message', (line: string) => process.stdout.write(`${line}\n`));
  worker.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  worker.on('exit', () => clearInterval(timer));
}

async function work({ inputs, seed, at }: Given): Promise<void> {
  const say = (line: string): void => parentPort?.postMessage(line);
  const corpus = fuzzCorpus();
  for (const what of corpus.absent) say(what);
  say(`${inputs} inputs from ${corpus.texts.length} texts, from seed ${seed}`);
  const start = Date.now();
  const place = new Int32Array(at);
  try {
    const report = await runFuzz(corpus, {
      inputs,
      seed,
      millisecondsMax: 60_000,
      memoryMax: 3e9,
      onInput: (index) => Atomics.store(place, 0, index),
      onProgress: (done) => {
        if (done > 0 && done % 10_000 === 0) say(`${done} in ${Math.round((Date.now() - start) / 1000)} s`);
      },
    });
    say(JSON.stringify({ ...report, seconds: Math.round((Date.now() - start) / 1000) }, null, 2));
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error;
    say(`${error.message}\nThe text, as JSON:\n${JSON.stringify(error.text)}`);
    process.exitCode = 1;
  }
}
