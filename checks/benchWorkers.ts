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
  readonly one: { readonly seconds: number; readonly cpuSeconds: number };
  readonly two: { readonly seconds: number; readonly cpuSeconds: number };
  /** Median over the runs of one worker's time over that of two, each pair one after the other. */
  readonly speedup: number;
}

export const workersSubjects: readonly string[] = ['2pc-8', '2pc-9'];
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
        speedup: of((pair) => (pair.one.searchSeconds ?? Number.NaN) / (pair.two.searchSeconds ?? Number.NaN)),
      };
    }
  }
}
