/**
 * What a second worker brings.
 *
 * In: subjects, runs. Out: figures of one worker and of two, of one sitting, each search in a process of its own. Never: a rate of another day.
 */
import { median } from '../explorer/index.ts';
import type { Figures } from './secondOpinion/figures.ts';
import { searchApart } from './secondOpinion/measureAll.ts';
import { subjectOf } from './secondOpinion/subjects.ts';
import { ourWays } from './secondOpinion/ways.ts';

export interface WorkersComparison {
  readonly subject: string;
  readonly way: string;
  readonly states: number;
  /** Seconds of the search: medians by the clock, and of processor time. */
  readonly one: Times;
  readonly two: Times;
  /** Median over the runs of one worker's time over that of two, each pair one after the other. */
  readonly speedup: number;
  /** The same of the processor time of the main thread, which has most to do: what cores that have nothing else to do would give, but for waiting. */
  readonly quietSpeedup: number;
}

interface Times {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** The last one has 5,003 levels of 2,502 states at most. */
export const workersSubjects: readonly string[] = ['2pc-8', '2pc-9', 'counters-2500'];
const limits = { seconds: 600, megabytes: 4096 };

/** One at a time, so that they can be told as they come. Throws Error where a search failed or the numbers of states differ. */
export async function* compareWorkers(subjects: readonly string[], runs: number): AsyncGenerator<WorkersComparison> {
  for (const name of subjects) {
    const subject = subjectOf(name);
    for (const two of ourWays) {
      const one = ourWays.find((way) => two.name === `${way.name}, 2 workers`);
      if (one === undefined || one.reductions.renaming || one.reductions.ample) continue;
      const pairs: { one: Figures; two: Figures }[] = [];
      for (let run = 0; run < runs; run++) {
        pairs.push({ one: await searchApart(subject, one, limits), two: await searchApart(subject, two, limits) });
      }
      const of = (what: (pair: { one: Figures; two: Figures }) => number | null) => median(pairs.map((pair) => what(pair) ?? Number.NaN));
      const states = new Set(pairs.flatMap((pair) => [pair.one.states, pair.two.states]));
      const [found] = states;
      if (states.size !== 1 || typeof found !== 'number') throw new Error(`${name}, ${one.name}: states ${[...states].join(', ')}`);
      yield {
        subject: subject.title,
        way: one.name,
        states: found,
        one: { seconds: of((pair) => pair.one.searchSeconds), cpuSeconds: of((pair) => pair.one.cpuSeconds) },
        two: { seconds: of((pair) => pair.two.searchSeconds), cpuSeconds: of((pair) => pair.two.cpuSeconds) },
        speedup: of((pair) => ratio(pair, 'searchSeconds')),
        quietSpeedup: of((pair) => ratio(pair, 'mainSeconds')),
      };
    }
  }
}

function ratio({ one, two }: { one: Figures; two: Figures }, what: 'searchSeconds' | 'mainSeconds'): number {
  return (one[what] ?? Number.NaN) / (two[what] ?? Number.NaN);
}
