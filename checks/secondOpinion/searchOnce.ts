/**
 * One search of ours, measured; as a program, so that each has a process of its own: `node searchOnce.js REQUEST`.
 *
 * In: a request as JSON. Out: figures as JSON on stdout. Never: two searches in one process.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type ExploreResult, exploreAsync } from '../../explorer/index.ts';
import type { Figures } from './figures.ts';
import { subjectOf } from './subjects.ts';
import { isWhole, ourWays } from './ways.ts';

export const searchRequestSchema = z.strictObject({
  subject: z.string(),
  way: z.string(),
  timeMs: z.number(),
  memoryBytes: z.number(),
});
export type SearchRequest = z.infer<typeof searchRequestSchema>;

/** `verdictSeconds` is for who started the process. Throws RangeError for an unknown way. */
export async function searchOnce({ subject, way: name, timeMs, memoryBytes }: SearchRequest): Promise<Figures> {
  const way = ourWays.find((each) => each.name === name);
  if (way === undefined) throw new RangeError(`no way ${name}`);
  const { backEnd, mode, merge, reductions, workers, compress } = way;
  const system = subjectOf(subject).compile({ merge, ...(backEnd === 'usual' ? {} : { backEnd }) });
  const options = { mode, reductions, workers, ...(compress ? { compress } : {}), limits: { timeMs, memoryBytes } };
  const before = process.cpuUsage();
  const beforeInMain = mainThreadSeconds();
  const start = performance.now();
  const found = await exploreAsync(system, options);
  const searchSeconds = (performance.now() - start) / 1000;
  const { user, system: kernel } = process.cpuUsage(before);
  const inMain = mainThreadSeconds();
  return {
    way: name,
    states: found.counts.states,
    searchSeconds,
    cpuSeconds: (user + kernel) / 1e6,
    mainSeconds: inMain === null || beforeInMain === null ? null : inMain - beforeInMain,
    verdictSeconds: 0,
    megabytes: process.resourceUsage().maxRSS / 1024,
    bytesPerState: found.counts.bytesPerState,
    violated: violatedBy(found),
    cores: workers,
    whole: isWhole(way) && mode === 'exact',
    merged: merge,
    complete: found.exhausted,
    notes: [...found.cuts.map(({ message }) => message), ...refusals(found), ...(found.remarks ?? [])],
  };
}

/** Processor time of the main thread so far, as Linux says it; null elsewhere. */
function mainThreadSeconds(): number | null {
  try {
    const [nanoseconds = ''] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e9;
  } catch {
    return null;
  }
}

export function violatedBy({ outcomes }: ExploreResult): string[] {
  return outcomes.flatMap(({ id, status }) => (status === 'violated' ? id : [])).sort();
}

/** Of each reduction that was asked for and not used, why. */
function refusals({ saved = {} }: ExploreResult): string[] {
  return Object.entries(saved).flatMap(([name, report]) =>
    report === undefined || report.refused === null ? [] : `no ${name}: ${report.refused}`,
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const figures = await searchOnce(searchRequestSchema.parse(JSON.parse(process.argv[2] ?? '')));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
