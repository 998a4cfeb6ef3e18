/**
 * Our ways and Spin's on the same subjects, one after the other, each in a process of its own.
 *
 * In: subjects, limits. Out: figures, and whether all agree. Never: two at once; a run without a limit.
 */
import { fileURLToPath } from 'node:url';
import type { Measured } from './aims.ts';
import { type Figures, figuresSchema } from './figures.ts';
import { runCommand } from './runCommand.ts';
import type { SearchRequest } from './searchOnce.ts';
import { type SpinLimits, searchWithSpin } from './spinSearch.ts';
import { type SharedSubject, subjectOf } from './subjects.ts';
import { type OurWay, ourWays, type SpinWay, spinWays } from './ways.ts';

export interface MeasureRequest {
  /** As `subjectOf` reads them. */
  readonly subjects: readonly string[];
  readonly limits: SpinLimits;
  /** Only ways in whose name this occurs. */
  readonly only?: string;
  /** No further subject is begun after as many seconds. */
  readonly totalSeconds: number;
  /** Ask Spin, too. */
  readonly spin: boolean;
  readonly onFigures?: (subject: SharedSubject, figures: Figures) => void;
}

/** Seconds that a process of ours may take beside its search. */
const startup = 30;

/** Throws WrongUse for an unknown subject before anything is measured. `leftOut`: titles of those for which no time was left. */
export async function measureAll(request: MeasureRequest): Promise<{ measured: Measured[]; leftOut: string[] }> {
  const end = performance.now() + 1000 * request.totalSeconds;
  const measured: Measured[] = [];
  const leftOut: string[] = [];
  for (const subject of request.subjects.map(subjectOf)) {
    if (performance.now() < end) measured.push(await measureSubject(subject, request));
    else leftOut.push(subject.title);
  }
  return { measured, leftOut };
}

async function measureSubject(subject: SharedSubject, { limits, only = '', spin: askSpin, onFigures }: MeasureRequest): Promise<Measured> {
  const ours: Figures[] = [];
  const spin: Figures[] = [];
  const told = (list: Figures[], figures: Figures) => {
    list.push(figures);
    onFigures?.(subject, figures);
  };
  const asked = (way: OurWay | SpinWay) => way.name.includes(only) && (way.merge || subject.exported);
  for (const way of ourWays) if (asked(way)) told(ours, await searchApart(subject, way, limits));
  for (const way of askSpin ? spinWays : []) {
    if (!asked(way) || (way.promelaOnly === true && subject.exported)) continue;
    told(spin, await spinFigures(subject, way, limits));
  }
  return { subject, ours, spin, differences: disagreements(subject, ours, spin) };
}

/** Includes what starting the process and compiling take. */
export async function searchApart(subject: SharedSubject, way: OurWay, { seconds, megabytes }: SpinLimits): Promise<Figures> {
  const request: SearchRequest = { subject: subject.name, way: way.name, timeMs: 1000 * seconds, memoryBytes: megabytes * 2 ** 20 };
  const program = fileURLToPath(new URL('./searchOnce.js', import.meta.url));
  const ran = await runCommand(process.execPath, [program, JSON.stringify(request)], { limit: seconds + startup });
  if (ran.status === 0) return { ...figuresSchema.parse(JSON.parse(ran.stdout)), verdictSeconds: ran.seconds };
  const why = ran.stderr.split('\n').find((line) => /Error/.test(line)) ?? `status ${ran.status}`;
  return failed(way, way.workers, ran.seconds, ran.late ? `limit of ${seconds} s reached` : why);
}

async function spinFigures(subject: SharedSubject, way: SpinWay, limits: SpinLimits): Promise<Figures> {
  const start = performance.now();
  try {
    return await searchWithSpin(subject, way, limits);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return failed(way, way.cores, (performance.now() - start) / 1000, why);
  }
}

function failed({ name, merge }: OurWay | SpinWay, cores: number, verdictSeconds: number, note: string): Figures {
  const nothing = { states: null, searchSeconds: null, cpuSeconds: null, megabytes: null, bytesPerState: null };
  return { way: name, ...nothing, verdictSeconds, violated: [], cores, whole: false, merged: merge, complete: false, notes: [note] };
}

/** Complete searches must find the same violated, and without reductions the same number of states, by single steps and by merged ones;
 * and none of ours may fail but by a limit. Deadlocks: not all are seen by Spin. */
export function disagreements({ exported }: Pick<SharedSubject, 'exported'>, ours: readonly Figures[], spin: readonly Figures[]): string[] {
  const done = [...ours, ...(exported ? spin : [])].filter(({ complete }) => complete);
  const violated = ({ violated: ids }: Figures) => ids.filter((id) => id !== 'deadlock').join(' ') || 'nothing';
  const counted = [...ours, ...spin].filter(({ complete, whole }) => complete && whole);
  const alike = [true, false].map((wanted) => counted.filter(({ merged }) => merged === wanted));
  const broken = ours.filter(({ states, notes }) => states === null && !notes.some((note) => note.startsWith('limit of')));
  return [
    ...broken.map(({ way, notes }) => `${way}: ${notes.join('; ')}`),
    ...apart(done, 'is violated', violated),
    ...alike.flatMap((all) => apart(all, 'states', ({ states }) => String(states))),
  ];
}

function apart(all: readonly Figures[], what: string, show: (figures: Figures) => string): string[] {
  const [first] = all;
  if (first === undefined) return [];
  const wanted = show(first);
  return all.flatMap((each) => (show(each) === wanted ? [] : [`${first.way}: ${wanted} ${what}; ${each.way}: ${show(each)}`]));
}
