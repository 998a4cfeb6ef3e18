/**
 * A stranger's patch against the properties: lowered into its surroundings, run, compared with the run without it.
 *
 * In: a file name, bounds, limits. Out: a report with a shortest trace of each property that only the patched
 * run violates. Never: `holds` for a patch of which anything was not modelled, not run, or cut.
 */
import { statementCounts } from '../../compiler/index.ts';
import type { Trace } from '../../counterexamples/index.ts';
import type { Limits, Reductions } from '../../explorer/index.ts';
import type { PresetName, ScenarioVariant } from '../../model/index.ts';
import type { HunkPart } from '../../patches/index.ts';
import { boundsText } from '../boundsText.ts';
import type { PatchPart, PatchReport, PatchRun } from '../results.ts';
import type { CheckProgress } from '../runCheck.ts';
import { type FinishedRun, judged, runSystem, traceOf } from '../runSystem.ts';
import { scenarioId } from '../select.ts';
import { statsOf } from '../stats.ts';
import { type CountedRun, notExercised } from './exercised.ts';
import { readPatchFile, shownName } from './readPatchFile.ts';
import { baseOf, type Placed, placePatch, reaches } from './surroundings.ts';

export interface PatchRequest {
  /** `-`: standard input. */
  readonly file: string;
  readonly preset: PresetName;
  /** Null: found from what the patch calls and how it is called. */
  readonly era: string | null;
  readonly limits?: Limits;
  readonly backEnd?: 'javascript' | 'wasm';
  /** Threads, 1 and more. */
  readonly workers?: number;
  /** Default: none. */
  readonly reductions?: Reductions;
  /** Tell what reductions saved. */
  readonly stats?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
}
export interface PatchAnswer {
  readonly report: PatchReport;
  /** The lines of the patch, for renderers. */
  readonly lines: readonly string[];
}

/** Throws UnreadableInput for what is no patch, WrongUse for an unknown era. */
export async function judgePatch(request: PatchRequest): Promise<PatchAnswer> {
  const { patch, text } = await readPatchFile(request.file);
  const { eras, placed, leftOut: elsewhere, rivals } = await placePatch(patch, request.preset, request.era);
  const best = mostSaid(placed);
  const notModelled = distinct(placed.flatMap(({ lowered }) => lowered.unmodelled));
  const judgement = notModelled.length > 0 || rivals.length > 0 ? nothingRun : await runAll(placed, request);
  const leftOut =
    best === undefined ? [] : best.lowered.ignored.map(({ name, pos }) => `line ${pos.line}: ${name} has no effect that the model has`);
  return {
    report: {
      file: request.file,
      subject: patch.text.subject,
      verdict: rivals.length > 0 ? 'ambiguous' : verdictOf(notModelled.length > 0 || best === undefined, judgement),
      era: eras.join(', '),
      rivals: [...rivals],
      lost: patch.text.hunks.flatMap(({ number, line, missing, header }) =>
        missing.new === 0 && missing.old === 0
          ? []
          : [{ hunk: number, line, missing: Math.max(missing.old, missing.new), of: Math.max(header.oldCount, header.newCount) }],
      ),
      hunks: (best?.lowered.hunks ?? []).map(({ parts, ...hunk }) => ({ ...hunk, parts: parts.map(partOf) })),
      notModelled,
      notExercised: judgement.notExercised,
      runs: judgement.runs,
      notes: [...patch.text.notes, ...distinct(leftOut), ...judgement.notes, ...(judgement.runs.length === 0 ? [] : notRunIn(elsewhere))],
      traces: judgement.traces,
    },
    lines: text.split('\n'),
  };
}

/** Scenarios of one era say the same of a patch, but not all of them have a base to hold removed lines against. */
function mostSaid(placed: readonly Placed[]): Placed | undefined {
  const said = ({ lowered }: Placed) => lowered.hunks.reduce((sum, { parts }) => sum + parts.length, 0);
  return [...placed].sort((a, b) => said(b) - said(a))[0];
}

/** One sentence for all scenarios that lack the same. */
function notRunIn(placed: readonly Placed[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { scenario, lowered } of placed) {
    const [first] = lowered.unmodelled;
    const why = `${first?.name ?? ''} ${first?.why ?? ''}`;
    byReason.set(why, [...(byReason.get(why) ?? []), scenarioId(scenario)]);
  }
  return [...byReason].map(([why, names]) => `not run in ${names.join(', ')}, without code of the patch's day: ${why}`);
}

interface Judgement {
  readonly runs: PatchRun[];
  readonly traces: Trace[];
  readonly notExercised: { line: number; what: string }[];
  readonly notes: string[];
  /** Somebody stopped before all scenarios were run. */
  readonly interrupted: boolean;
}
const nothingRun: Judgement = { runs: [], traces: [], notExercised: [], notes: [], interrupted: false };

async function runAll(placed: readonly Placed[], request: PatchRequest): Promise<Judgement> {
  const start = performance.now();
  const concerned = placed.filter((each) => reaches(each, request.preset));
  const runs: PatchRun[] = [];
  const counted: CountedRun[] = [];
  const traces = new Map<string, Trace>();
  for (const [index, each] of concerned.entries()) {
    if (request.signal?.aborted === true) break;
    const options = {
      ...(request.limits === undefined ? {} : { limits: request.limits }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      ...(request.backEnd === undefined ? {} : { backEnd: request.backEnd }),
      ...(request.workers === undefined ? {} : { workers: request.workers }),
      ...(request.reductions === undefined ? {} : { reductions: request.reductions }),
      onProgress: (search: CheckProgress['search']) =>
        request.onProgress?.({
          index,
          total: concerned.length,
          scenario: scenarioId(each.scenario),
          variant: 'with the patch',
          search,
          elapsedMs: performance.now() - start,
        }),
    };
    const { scenario, variant, lowered } = each;
    const choice = { scenario, variant, preset: request.preset };
    const reference = await runSystem({ ...choice, variant: referenceFor(each) }, options);
    const patched = await runSystem(
      {
        ...choice,
        replacing: new Map(lowered.procedures.map((procedure) => [procedure.name, procedure])),
        constants: lowered.constants,
        title: `${shownName(request.file)} in ${variant.title}`,
        notModelled: lowered.ignored.map(({ name, pos }) => `line ${pos.line}: ${name}`),
      },
      options,
    );
    const verdict = compared(reference, patched);
    const run = request.stats === true ? { ...verdict, stats: statsOf(patched) } : verdict;
    runs.push(run);
    counted.push({ procedures: lowered.procedures, counts: statementCounts(patched.system.program, patched.found.coverage) });
    for (const { id, steps } of run.violated) {
      const known = traces.get(id);
      if (known !== undefined && known.steps.length <= (steps ?? 0)) continue;
      const trace = traceOf(patched, id);
      if (trace !== null) traces.set(id, trace);
    }
  }
  const { left, warned } = notExercised(counted);
  return {
    runs,
    traces: [...traces.values()].sort((a, b) => a.steps.length - b.steps.length),
    notExercised: left,
    notes: warned.map(({ line, what }) => `line ${line}: ${what}`),
    interrupted: request.signal?.aborted === true,
  };
}

/**
 * What the patch is compared with: its surroundings as they are, or, if those are the posted form of the patch itself, the
 * code of the day.
 */
function referenceFor({ scenario, variant }: Placed): ScenarioVariant {
  return variant.forms?.includes('posted') === true ? (baseOf(scenario) ?? variant) : variant;
}

function compared(reference: FinishedRun, patched: FinishedRun): PatchRun {
  const { scenario, variant, preset } = patched.choice;
  const [before, after] = [reference, patched].map((run) => judged(run, { violated: [] }, null).properties);
  const already = new Set((before ?? []).filter(({ verdict }) => verdict === 'violated').map(({ id }) => id));
  const violated = (after ?? []).filter(({ verdict }) => verdict === 'violated');
  const held = new Set((after ?? []).filter(({ verdict }) => verdict === 'holds').map(({ id }) => id));
  const fresh = violated.filter(({ id }) => !already.has(id));
  const unmet = patched.found.outcomes.filter(({ kind, status }) => kind === 'reachable' && status !== 'holds').map(({ id }) => id);
  const { counts, cuts, exhausted } = patched.found;
  return {
    scenario: scenarioId(scenario),
    surroundings: variant.name,
    reference: reference.choice.variant.name,
    bounds: boundsText(scenario.presets[preset].bounds),
    verdict: fresh.length > 0 ? 'violated' : !exhausted ? 'incomplete' : unmet.length > 0 ? 'vacuous' : 'holds',
    violated: fresh.map(({ id, name, steps, message }) => ({ id, name, steps, message })),
    alsoWithoutThePatch: violated.filter(({ id }) => already.has(id)).map(({ id }) => id),
    mended: [...already].filter((id) => held.has(id)),
    states: counts.states,
    depth: counts.depth,
    milliseconds: Math.round(counts.elapsedMs),
    cuts: cuts.map(({ message }) => message),
    unmet,
  };
}

/** The first that applies: a violation is real whatever else is open; what was cut short may yet run the rest. */
function verdictOf(unmodelled: boolean, { runs, notExercised: left, interrupted }: Judgement): PatchReport['verdict'] {
  if (runs.some(({ verdict }) => verdict === 'violated')) return 'violated';
  if (unmodelled) return 'notModelled';
  if (interrupted || (left.length > 0 && runs.some(({ cuts }) => cuts.length > 0))) return 'incomplete';
  if (left.length > 0 || runs.length === 0) return 'notExercised';
  return runs.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'incomplete';
}

function partOf(part: HunkPart): PatchPart {
  const { kind, line } = part;
  switch (part.kind) {
    case 'checked':
      return { kind, line, name: `${part.name}()`, detail: part.lost === 0 ? '' : keptWhole(part.lost) };
    case 'define':
      return { kind, line, name: part.name, detail: `value ${part.value}` };
    case 'stoodIn':
      return { kind, line, name: `${part.procedure}()`, detail: pairsText(part) };
    case 'ignorable':
      return { kind, line, name: part.what, detail: '' };
    case 'notModelled':
      return { kind, line, name: part.name, detail: part.why };
  }
}

function keptWhole(lost: number): string {
  return `${lost} lines of the hunk are missing; without them, what it replaces does exactly what the model's base does, so they were no code of it`;
}

/** Which line of the patch is which line of the model. */
function pairsText({ pairs, side }: HunkPart & { kind: 'stoodIn' }): string {
  const same = [...new Set(pairs.map(({ left, right }) => `${left.line} = ${right.file}:${right.line}`))];
  return `${side} lines do the same: ${same.join(', ')}`;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
