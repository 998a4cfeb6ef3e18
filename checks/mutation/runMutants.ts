/**
 * Every mutant of the kernel procedures, on some threads.
 *
 * In: how many threads. Out: what became of each mutant, in the order of the model's text. Never: printing; a mutant
 * that loops holding up the others: its thread is ended, and it counts as incomplete.
 */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { MutantVerdict } from './judgeMutant.ts';
import { type JudgedMutant, nameOf } from './record.ts';
import type { MutantAbout, WorkerMessage } from './worker.ts';

export interface MutantsRequest {
  readonly threads: number;
  /** Milliseconds for one mutant, all its scenarios together. */
  readonly timeMs: number;
  /** See `judgeMutant`. */
  readonly statesMax: number;
  /** Only this many, drawn by their ids, so that the same ones come again. */
  readonly sample?: number;
  /** Only mutants of files that begin so. */
  readonly under?: string;
  /** Only mutants of procedures with these names. */
  readonly procedures?: ReadonlySet<string>;
  /** Only mutants by these operators. */
  readonly operators?: ReadonlySet<string>;
  /** Only mutants with these names, see `nameOf`. */
  readonly names?: ReadonlySet<string>;
  /** Only these scenarios, by their ids. */
  readonly scenarios?: readonly string[];
  /** Verdicts of an earlier run that was not finished, by key: these mutants are not judged again. */
  readonly known?: ReadonlyMap<string, MutantVerdict>;
  readonly onJudged?: (mutant: JudgedMutant & { readonly key: string }, done: number, all: number) => void;
}

/** Rejects if a mutant makes the compiler or the explorer fail: that is a bug of ours. */
export async function runMutants(request: MutantsRequest): Promise<JudgedMutant[]> {
  const run = new Run(request);
  await Promise.all(Array.from({ length: request.threads }, () => run.thread()));
  return run.inOrder();
}

class Run {
  private mutants: readonly MutantAbout[] = [];
  /** Those that are to be judged. */
  private open: readonly MutantAbout[] = [];
  private next = 0;
  private readonly verdicts = new Map<string, MutantVerdict>();

  constructor(private readonly request: MutantsRequest) {}

  inOrder(): JudgedMutant[] {
    return this.mutants.flatMap(({ key, ...about }) => {
      const verdict = this.verdicts.get(key);
      return verdict === undefined ? [] : [{ ...about, ...verdict }];
    });
  }

  /** Starts workers one after the other, a new one whenever one had to be ended, until no mutant is left. */
  async thread(): Promise<void> {
    while (await this.worker());
  }

  /** True: it was ended because of a mutant, and there may be more to do. */
  private worker(): Promise<boolean> {
    const { statesMax, scenarios } = this.request;
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { statesMax, scenarios } });
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (again: boolean): void => {
        clearTimeout(timer);
        void worker.terminate().then(() => resolve(again));
      };
      const give = (): void => {
        const mutant = this.open[this.next++];
        if (mutant === undefined) {
          end(false);
          return;
        }
        worker.postMessage(mutant.key);
        timer = setTimeout(() => {
          const why = `no verdict within ${this.request.timeMs / 1000} s`;
          this.judged(mutant.key, { outcome: 'incomplete', runs: [{ outcome: 'incomplete', scenario: 'all', why }] });
          end(true);
        }, this.request.timeMs);
      };
      worker.on('error', reject);
      worker.on('message', (message: WorkerMessage) => {
        clearTimeout(timer);
        if (message.kind === 'failed') {
          reject(new Error(`${message.key}: ${message.message}`));
          void worker.terminate();
          return;
        }
        if (message.kind === 'ready') this.take(message.mutants);
        else this.judged(message.key, message.verdict);
        give();
      });
    });
  }

  private take(mutants: readonly MutantAbout[]): void {
    if (this.mutants.length > 0) return;
    const { procedures, operators, names, under = '', sample = mutants.length } = this.request;
    const wanted = mutants.filter(
      (mutant) =>
        (procedures === undefined || procedures.has(mutant.procedure)) &&
        (operators === undefined || operators.has(mutant.operator)) &&
        (names === undefined || names.has(nameOf(mutant))) &&
        mutant.file.startsWith(under),
    );
    const drawn = new Set([...wanted].sort((a, b) => (drawOrder(a.id) < drawOrder(b.id) ? -1 : 1)).slice(0, sample));
    this.mutants = wanted.filter((mutant) => drawn.has(mutant));
    for (const { key } of this.mutants) {
      const verdict = this.request.known?.get(key);
      if (verdict !== undefined) this.verdicts.set(key, verdict);
    }
    this.open = this.mutants.filter(({ key }) => !this.verdicts.has(key));
  }

  private judged(key: string, verdict: MutantVerdict): void {
    this.verdicts.set(key, verdict);
    const mutant = this.mutants.find((each) => each.key === key);
    if (mutant !== undefined) this.request.onJudged?.({ ...mutant, ...verdict }, this.verdicts.size, this.mutants.length);
  }
}

/** By hash, so that an edit elsewhere in the model leaves a sample as it is. */
export function drawOrder(id: string): string {
  return createHash('sha256').update(`seed 1 ${id}`).digest('hex');
}
