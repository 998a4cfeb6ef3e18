/**
 * A stranger's patch against the properties: lowered into its surroundings, run, compared with the run without it.
 *
 * In: a file name, bounds, limits. Out: a report with a shortest trace of each property that only the patched
 * run violates. Never: `holds` for a patch of which anything was not modelled, not run, or cut.
 */
import { statementCounts } from '../../compiler/index.ts';
import type { Trace } from '../../counterexamples/index.ts';
import type { Limits } from '../../explorer/index.ts';
import type { PresetName } from '../../model/index.ts';
import type { HunkPart } from '../../patches/index.ts';
import { boundsText } from '../boundsText.ts';
import { reachableProcedures } from '../callGraph.ts';
import { describeSystem } from '../describeSystem.ts';
import type { PatchPart, PatchReport, PatchRun } from '../results.ts';
import type { CheckProgress } from '../runCheck.ts';
import { type FinishedRun, judged, runSystem, traceOf } from '../runSystem.ts';
import { scenarioId } from '../select.ts';
import { notExercised } from './exercised.ts';
import { readPatchFile, shownName } from './readPatchFile.ts';
import { type Placed, placePatch } from './surroundings.ts';

export interface PatchRequest {
  /** `-`: standard input. */
  readonly file: string;
  readonly preset: PresetName;
  /** Null: found from what the patch calls and how it is called. */
  readonly era: string | null;
  readonly limits?: Limits;
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
  const placed = await placePatch(patch, request.preset, request.era);
  const best = mostSaid(placed);
  const notModelled = distinct(placed.flatMap(({ lowered }) => lowered.unmodelled));
  const judgement = notModelled.length > 0 ? nothingRun : await runAll(placed, request);
  const leftOut =
    best === undefined ? [] : best.lowered.ignored.map(({ name, pos }) => `line ${pos.line}: ${name} has no effect that the model has`);
  return {
    report: {
      file: request.file,
      subject: patch.text.subject,
      verdict: verdictOf(notModelled.length > 0 || best === undefined, judgement),
      era: best?.scenario.era ?? null,
      hunks: (best?.lowered.hunks ?? []).map(({ parts, ...hunk }) => ({ ...hunk, parts: parts.map(partOf) })),
      notModelled,
      notExercised: judgement.notExercised,
      runs: judgement.runs,
      notes: [...patch.text.notes, ...distinct(leftOut)],
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

interface Judgement {
  readonly runs: PatchRun[];
  readonly traces: Trace[];
  readonly notExercised: { line: number; what: string }[];
}
const nothingRun: Judgement = { runs: [], traces: [], notExercised: [] };

async function runAll(placed: readonly Placed[], request: PatchRequest): Promise<Judgement> {
  const start = performance.now();
  const concerned = placed.filter((each) => reaches(each, request.preset));
  const runs: PatchRun[] = [];
  const counts: ReturnType<typeof statementCounts>[] = [];
  const traces = new Map<string, Trace>();
  for (const [index, each] of concerned.entries()) {
    if (request.signal?.aborted === true) break;
    const options = {
      ...(request.limits === undefined ? {} : { limits: request.limits }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
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
    const reference = await runSystem(choice, options);
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
    const run = compared(reference, patched);
    runs.push(run);
    counts.push(statementCounts(patched.system.program, patched.found.coverage));
    for (const { id, steps } of run.violated) {
      const known = traces.get(id);
      if (known !== undefined && known.steps.length <= (steps ?? 0)) continue;
      const trace = traceOf(patched, id);
      if (trace !== null) traces.set(id, trace);
    }
  }
  const procedures = placed[0]?.lowered.procedures ?? [];
  return {
    runs,
    traces: [...traces.values()].sort((a, b) => a.steps.length - b.steps.length),
    notExercised: notExercised(procedures, counts),
  };
}

/** Whether any function of the patch is run in the scenario. */
function reaches({ scenario, variant, lowered }: Placed, preset: PresetName): boolean {
  const replacing = new Map(lowered.procedures.map((procedure) => [procedure.name, procedure]));
  const found = reachableProcedures(describeSystem({ scenario, variant, preset, replacing }));
  return [...replacing.keys()].some((name) => found.has(name));
}

function compared(reference: FinishedRun, patched: FinishedRun): PatchRun {
  const { scenario, variant, preset } = patched.choice;
  const [before, after] = [reference, patched].map((run) => judged(run, { violated: [] }, null).properties);
  const already = new Set((before ?? []).filter(({ verdict }) => verdict === 'violated').map(({ id }) => id));
  const violated = (after ?? []).filter(({ verdict }) => verdict === 'violated');
  const fresh = violated.filter(({ id }) => !already.has(id));
  const unmet = patched.found.outcomes.filter(({ kind, status }) => kind === 'reachable' && status !== 'holds').map(({ id }) => id);
  const { counts, cuts, exhausted } = patched.found;
  return {
    scenario: scenarioId(scenario),
    surroundings: variant.name,
    bounds: boundsText(scenario.presets[preset].bounds),
    verdict: fresh.length > 0 ? 'violated' : !exhausted ? 'incomplete' : unmet.length > 0 ? 'vacuous' : 'holds',
    violated: fresh.map(({ id, name, steps, message }) => ({ id, name, steps, message })),
    alsoWithoutThePatch: violated.filter(({ id }) => already.has(id)).map(({ id }) => id),
    states: counts.states,
    depth: counts.depth,
    milliseconds: Math.round(counts.elapsedMs),
    cuts: cuts.map(({ message }) => message),
    unmet,
  };
}

/** The first that applies: a violation is real whatever else is open. */
function verdictOf(unmodelled: boolean, { runs, notExercised: left }: Judgement): PatchReport['verdict'] {
  if (runs.some(({ verdict }) => verdict === 'violated')) return 'violated';
  if (unmodelled) return 'notModelled';
  if (left.length > 0 || runs.length === 0) return 'notExercised';
  return runs.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'incomplete';
}

function partOf(part: HunkPart): PatchPart {
  const { kind, line } = part;
  switch (part.kind) {
    case 'checked':
      return { kind, line, name: `${part.name}()`, detail: '' };
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

/** Which line of the patch is which line of the model. */
function pairsText({ pairs, side }: HunkPart & { kind: 'stoodIn' }): string {
  const same = [...new Set(pairs.map(({ left, right }) => `${left.line} = ${right.file}:${right.line}`))];
  return `${side} lines do the same: ${same.join(', ')}`;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
