/**
 * What `mmucheck scale` answers, and the runs behind it.
 *
 * In: names of runs. Out: a report with a published schema, plots as SVG. Never: a file written.
 */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { unknownName } from '../errors.ts';
import { scaleScripts } from './index.ts';
import { plotSvg } from './plot.ts';
import { asGiven, type ScaleRun, type ScaleSize } from './run.ts';

const countSchema = z.strictObject({
  what: z.string(),
  variant: z.string(),
  /** From the mail, or arithmetic on it: never from a run. */
  expected: z.number(),
  relation: z.enum(['equals', 'atMost']),
  counted: z.number(),
  asExpected: z.boolean(),
});
const seriesSchema = z.strictObject({ name: z.string(), points: z.array(z.tuple([z.number(), z.number()])) });
export const scaleReportSchema = z.strictObject({
  runs: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      size: z.enum(['full', 'reduced']),
      counts: z.array(countSchema),
      asExpected: z.boolean(),
      plot: z.strictObject({
        title: z.string(),
        x: z.string(),
        y: z.string(),
        series: z.array(seriesSchema),
        logarithmic: z.boolean(),
      }),
      notes: z.array(z.string()),
      milliseconds: z.int().min(0),
      /** Largest resident size of the process so far. */
      megabytes: z.int().min(0),
    }),
  ),
});
export type ScaleReport = z.infer<typeof scaleReportSchema>;

export interface ScaleRequest {
  /** None: all. */
  readonly names: readonly string[];
  readonly size: ScaleSize;
  readonly onProgress: (line: string) => void;
  /** Ends the run under way, which is then missing from the report. */
  readonly signal: AbortSignal;
}

/** Throws WrongUse for a name that no run has. */
export async function runScale({ names, size, onProgress, signal }: ScaleRequest): Promise<ScaleReport> {
  const known = scaleScripts.map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw unknownName('run at true scale', name, known);
  const runs: ScaleReport['runs'] = [];
  for (const script of scaleScripts) {
    if (names.length > 0 && !names.includes(script.name)) continue;
    const start = performance.now();
    const run = await finish(script.run(size), onProgress, signal);
    if (run === null) break;
    const counts = run.counts.map((count) => ({ ...count, asExpected: asGiven(count) }));
    const series = run.plot.series.map(({ name, points }) => ({ name, points: points.map(([x, y]): [number, number] => [x, y]) }));
    runs.push({
      name: script.name,
      title: script.title,
      size,
      counts,
      asExpected: counts.every(({ asExpected }) => asExpected),
      plot: { ...run.plot, logarithmic: run.plot.logarithmic === true, series },
      notes: [...run.notes],
      milliseconds: Math.round(performance.now() - start),
      megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    });
  }
  return { runs };
}

/** Between two lines of progress the event loop runs, so that Ctrl-C is heard. Null: stopped. */
async function finish(running: Generator<string, ScaleRun, void>, onProgress: (line: string) => void, signal: AbortSignal) {
  for (let next = running.next(); ; next = running.next()) {
    if (next.done === true) return next.value;
    onProgress(next.value);
    await setImmediate();
    if (signal.aborted) return null;
  }
}

/** The plot of one run. */
export function scalePlot(run: ScaleReport['runs'][number]): string {
  return plotSvg(run.plot);
}
