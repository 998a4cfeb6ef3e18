/**
 * A patch in its scenarios, run with and without it.
 *
 * In: where a patch is put, limits. Out: what the patched runs violate and the others do not, with traces. Never: a run of which
 * nothing is compared.
 */

import { calleesOf, statementCounts } from '../../compiler/index.ts';
import type { Trace } from '../../counterexamples/index.ts';
import type { Limits, Reductions } from '../../explorer/index.ts';
import type { PresetName, ScenarioVariant } from '../../model/index.ts';
import { boundsText } from '../boundsText.ts';
import type { Choice } from '../describeSystem.ts';
import type { OnePatch, PatchParting, PatchRun, PropertyResult, RunResult, Verdict } from '../results.ts';
import type { CheckProgress } from '../runCheck.ts';
import { type FinishedRun, judged, type RunOptions, traceOf } from '../runSystem.ts';
import { scenarioId } from '../select.ts';
import { statsOf } from '../stats.ts';
import { costChanges } from './costs.ts';
import { type Deletions, deletedUnrun } from './deletions.ts';
import { type CountedRun, type NotExercised, notExercised } from './exercised.ts';
import { smallFirst } from './order.ts';
import { partingIn, type SideName, type Sides, withParting } from './parting.ts';
import type { PatchFolder } from './patchFolder.ts';
import { endedInPrologue, type PrologueTrouble, runOrTrouble } from './prologue.ts';
import type { Reference } from './reference.ts';
import { type SideResult, sideOf } from './sides.ts';
import type { SourceLines } from './sourceLines.ts';
import { baseOf, type Placed, reaches } from './surroundings.ts';

/** How patches are run, whatever they are put into. */
export interface RunRequest {
  readonly preset: PresetName;
  readonly limits?: Limits;
  readonly backEnd?: 'javascript' | 'wasm';
  /** Threads, 1 and more. */
  readonly workers?: number;
  /** Default: none. */
  readonly reductions?: Reductions;
  /** Tell what reductions saved. */
  readonly stats?: boolean;
  /** Time for reverting each piece of the patch on its own; left out: that is not asked for. */
  readonly ablateMs?: number;
  /** Keep checkpoints, or go on from them. */
  readonly folder?: PatchFolder;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
  /** Called as soon as a scenario has shown that the patch violates something; others are still to come. */
  readonly onViolated?: (found: EarlyViolation) => void;
}

/** What is known before all scenarios of a patch were run. It will be in the report. */
export interface EarlyViolation {
  /** As traces call it. */
  readonly patch: string;
  readonly id: string;
  readonly name: string;
  readonly scenario: string;
  /** Scenarios that were run, and that the patch comes to. */
  readonly done: number;
  readonly total: number;
}

export interface Judgement {
  readonly runs: PatchRun[];
  readonly traces: Trace[];
  readonly notExercised: NotExercised[];
  readonly notes: string[];
  /** Somebody stopped before all scenarios were run. */
  readonly interrupted: boolean;
  readonly kept: readonly KeptRun[];
}
export const nothingRun: Judgement = { runs: [], traces: [], notExercised: [], notes: [], interrupted: false, kept: [] };

/** What is left of the two runs in a scenario. */
export interface KeptRun {
  readonly each: Placed;
  /** What was run with the patch. */
  readonly choice: Choice;
  /** Null: what the patch changes is not modelled as it was. */
  readonly before: SideResult | null;
  readonly after: SideResult;
  readonly counted: CountedRun;
  /** Of positions in the patch's C; null: the paths of the tree. */
  readonly file: string | null;
}

/** `name`: what traces call the patch. `lines`: of its C. `deletions`: what it takes away of a tree. */
export async function runAll(
  placed: readonly Placed[],
  request: RunRequest,
  name: string,
  lines: Sides<SourceLines>,
  deletions: Deletions = new Map(),
): Promise<Judgement> {
  const start = performance.now();
  const concerned = placed.filter((each) => reaches(each, request.preset));
  const made: (MadeRun | undefined)[] = concerned.map(() => undefined);
  const traces = new Map<string, { readonly trace: Trace; readonly steps: number; readonly index: number }>();
  let done = 0;
  for (const index of smallFirst(concerned, request.preset)) {
    const each = concerned[index];
    if (each === undefined || request.signal?.aborted === true) break;
    const scenario = scenarioId(each.scenario);
    const total = concerned.length;
    const options = optionsOf(request, (search) =>
      request.onProgress?.({ index: done, total, scenario, variant: 'with the patch', search, elapsedMs: performance.now() - start }),
    );
    const choice = { scenario: each.scenario, variant: each.variant, preset: request.preset };
    const reference = await runOrTrouble(referenceOf(each, choice), options);
    const withPatch = {
      ...patchedChoice(each.lowered, choice),
      title: titleOf(name, each.lowered, each.variant.name),
      notModelled: each.lowered.ignored.map(({ name, pos }) => `line ${pos.line}: ${name}`),
    };
    const patched = await runOrTrouble(withPatch, options);
    done += 1;
    const kept = keptOf(each, withPatch, reference, patched, name);
    const without =
      each.before == null || 'trouble' in reference
        ? null
        : { ...each.before, counts: statementCounts(reference.system.program, reference.found.coverage) };
    const before = { variant: referenceOf(each, choice).variant.name, properties: propertiesOf(reference), known: each.before !== null };
    const verdict = 'trouble' in patched ? endedInPrologue(choice, patched, before) : compared(before, patched);
    // Before the traces, which take their time.
    for (const { id, name: property } of verdict.violated) request.onViolated?.({ patch: name, id, name: property, scenario, done, total });
    if ('trouble' in patched) {
      made[index] = { run: verdict, kept, without };
      continue;
    }
    const partings = 'trouble' in reference ? [] : partingsOf({ patched, without: reference }, verdict, lines);
    made[index] = {
      run: { ...verdict, partings, ...(request.stats === true ? { stats: statsOf(patched) } : {}) },
      kept,
      without,
      patched: true,
    };
    for (const violated of verdict.violated) {
      const { id } = violated;
      const steps = violated.steps ?? 0;
      const known = traces.get(id);
      // Of equally short ones that of the scenario which is reported first, whichever was run first.
      if (known !== undefined && (known.steps < steps || (known.steps === steps && known.index < index))) continue;
      const trace = traceOf(patched, id);
      const parting = partings.find(({ of, property }) => of === 'patched' && property === id) ?? null;
      if (trace !== null) traces.set(id, { trace: withParting(trace, parting), steps, index });
    }
  }
  const all = made.flatMap((one) => one ?? []);
  const ids = new Set(all.flatMap(({ run }) => run.violated.map(({ id }) => id)));
  const runs = all.map(({ run }) => run);
  const counted = all.flatMap(({ kept, patched }) => (patched === true ? [kept.counted] : []));
  const without = all.flatMap((one) => one.without ?? []);
  const { left, warned } = notExercised(counted);
  const onTree = placed.some(({ before }) => before !== undefined);
  return {
    runs,
    traces: [...ids].flatMap((id) => traces.get(id)?.trace ?? []).sort((a, b) => a.steps.length - b.steps.length),
    notExercised: [...left, ...deletedUnrun(without, deletions)],
    notes: warned.map(({ file, line, what }) => `${onTree ? `${file}:` : 'line '}${line}: ${what}`),
    interrupted: request.signal?.aborted === true,
    kept: all.map(({ kept }) => kept),
  };
}

/** What came of one scenario. */
interface MadeRun {
  readonly run: PatchRun;
  readonly kept: KeptRun;
  /** The statements that the code without the patch ran; null: it is not of a tree, or did not come to its search. */
  readonly without: CountedRun | null;
  /** It came to its search with the patch. */
  readonly patched?: true;
}

function keptOf(
  each: Placed,
  choice: Choice,
  reference: FinishedRun | PrologueTrouble,
  patched: FinishedRun | PrologueTrouble,
  name: string,
): KeptRun {
  const { lowered } = each;
  const counts = 'trouble' in patched ? new Map() : statementCounts(patched.system.program, patched.found.coverage);
  const { procedures, ignored } = lowered;
  const leftOut = lowered.functions.flatMap((one) => one.leftOut);
  return {
    each,
    choice,
    before: each.before === null ? null : sideOf(reference),
    after: sideOf(patched),
    counted: { procedures, ignored, leftOut, counts, inside: textsInside(lowered) },
    file: each.before === undefined ? name : null,
  };
}

/** What a trace is of: whose functions stand in for the model's. What the variant around them is called says nothing of what the patch does. */
function titleOf(name: string, { functions }: Placed['lowered'], variant: string): string {
  const own = [...new Set(functions.flatMap((one) => (one.procedure === null || !one.source.changed ? [] : [`${one.name}()`])))];
  const shown = own.length > 4 ? [...own.slice(0, 4), `${own.length - 4} more`] : own;
  return `${name}: ${shown.length === 0 ? 'what it changes' : `its ${shown.join(', ')}`} among the model's procedures ("${variant}")`;
}

/** Functions of the patch that are lowered inside others, and so have no procedure, or one that nobody calls. */
function textsInside({ functions, procedures }: Placed['lowered']): NonNullable<CountedRun['inside']> {
  const inOthers = new Set(functions.flatMap(({ inside }) => [...inside]));
  const called = new Set(procedures.flatMap(({ body }) => calleesOf(body)));
  return functions.flatMap(({ name, source, procedure, unmodelled }) =>
    (procedure !== null && (!inOthers.has(name) || called.has(procedure.name))) || unmodelled.length > 0
      ? []
      : [{ name, file: source.path, first: source.lines[0]?.line ?? 0, last: source.lines.at(-1)?.line ?? 0 }],
  );
}

/** How searches are made that are asked for in this way. */
export function optionsOf(request: RunRequest, onProgress: (search: CheckProgress['search']) => void): RunOptions {
  const { folder, limits, signal, backEnd, workers, reductions } = request;
  return {
    ...(folder === undefined ? {} : { keeping: (fingerprint: string) => folder.keeping(fingerprint) }),
    ...(limits === undefined ? {} : { limits }),
    ...(signal === undefined ? {} : { signal }),
    ...(backEnd === undefined ? {} : { backEnd }),
    ...(workers === undefined ? {} : { workers }),
    ...(reductions === undefined ? {} : { reductions }),
    onProgress,
  };
}

/** `choice` with what the patch makes of it. */
export function patchedChoice({ procedures, constants }: Placed['lowered'], choice: Choice): Choice {
  return { ...choice, replacing: new Map(procedures.map((procedure) => [procedure.name, procedure])), constants };
}

/**
 * What the patch is compared with: its surroundings as they are, or, if those are the posted form of the patch itself, the
 * code of the day.
 */
function referenceFor({ scenario, variant }: Placed): ScenarioVariant {
  return variant.forms?.includes('posted') === true ? (baseOf(scenario) ?? variant) : variant;
}

/** On a tree: the tree's own functions. */
function referenceOf(each: Placed, choice: Choice): Choice {
  const { before } = each;
  if (before == null) return { ...choice, variant: before === null ? choice.variant : referenceFor(each) };
  return { ...choice, replacing: new Map(before.procedures.map((procedure) => [procedure.name, procedure])), constants: before.constants };
}

function propertiesOf(run: FinishedRun | PrologueTrouble): Reference['properties'] {
  if (!('trouble' in run)) return judged(run, { violated: [] }, null).properties;
  return run.violates === null ? [] : [{ id: run.violates, verdict: 'violated' }];
}

function compared({ variant: reference, properties: before, known }: Reference, patched: FinishedRun): PatchRun {
  const { scenario, variant, preset } = patched.choice;
  const after = withEnded(before, judged(patched, { violated: [] }, null));
  const already = new Set(before.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id));
  const violated = after.filter(({ verdict }) => verdict === 'violated');
  const held = new Set(after.filter(({ verdict }) => verdict === 'holds').map(({ id }) => id));
  const fresh = violated.filter(({ id }) => !already.has(id));
  const unmet = patched.found.outcomes.filter(({ kind, status }) => kind === 'reachable' && status !== 'holds').map(({ id }) => id);
  const reachable = new Set(patched.found.outcomes.flatMap(({ kind, id }) => (kind === 'reachable' ? [id] : [])));
  const { counts, cuts, exhausted } = patched.found;
  const also = violated.filter(({ id }) => already.has(id)).map(({ id }) => id);
  const hidden = also.filter((id) => id.startsWith('fault:'));
  const whole = exhausted && hidden.length === 0;
  return {
    scenario: scenarioId(scenario),
    surroundings: variant.name,
    reference,
    bounds: boundsText(scenario.presets[preset].bounds),
    verdict: fresh.length > 0 ? 'violated' : !whole ? 'incomplete' : unmet.length > 0 ? 'vacuous' : 'holds',
    violated: fresh.map(({ id, name, steps, message }) => ({ id, name, steps, message })),
    alsoWithoutThePatch: also,
    mended: [...already].filter((id) => held.has(id)),
    properties: changesOf(
      before,
      after.filter(({ id }) => !reachable.has(id)),
      known,
    ),
    partings: [],
    costs: costChanges(known ? before : [], known ? after : []),
    states: counts.states,
    depth: counts.depth,
    milliseconds: Math.round(counts.elapsedMs),
    cuts: [
      ...cuts.map(({ message }) => message),
      // On both sides, so nobody has looked at what the patch does behind it.
      ...hidden.map((id) => `${id} ends paths without the patch, too: what comes behind it was not searched`),
    ],
    unmet,
  };
}

/** Faults and deadlocks are listed only where they occur: what occurred before and does not now has ended, if all was searched. */
function withEnded(before: Reference['properties'], { properties: after, exhausted }: RunResult): readonly PropertyResult[] {
  const listed = new Set(after.map(({ id }) => id));
  const verdict = exhausted ? 'holds' : 'incomplete';
  const ended = before.filter(({ id, verdict: was }) => was === 'violated' && !listed.has(id));
  return [
    ...after,
    ...ended.map(({ id, name = id }): PropertyResult => ({ id, name, verdict, expected: null, steps: null, message: null, worst: null })),
  ];
}

/** Of what the patch breaks, of what it fixes, and of what is violated either way, but not on the same schedule. */
function partingsOf(
  sides: Sides<FinishedRun>,
  { violated, mended, alsoWithoutThePatch: also }: PatchRun,
  lines: Sides<SourceLines>,
): PatchParting[] {
  const of = (side: SideName, ids: readonly string[]): PatchParting[] => ids.flatMap((id) => partingIn(side, sides, id, lines) ?? []);
  return [
    ...of(
      'patched',
      violated.map(({ id }) => id),
    ),
    ...of('without', mended),
    ...of('patched', also).filter(({ bViolatesHere }) => bViolatesHere === false),
  ];
}

/** Each property of the scenario, before and after. */
function changesOf(before: Reference['properties'], after: readonly PropertyResult[], known: boolean): PatchRun['properties'] {
  const old = new Map(before.map(({ id, verdict }) => [id, verdict]));
  return after.map(({ id, name, verdict }) => {
    const was = known ? (old.get(id) ?? null) : null;
    // Where what it was is not modelled, the model's own procedures may violate it, too.
    const stays = verdict === 'violated' && old.get(id) === 'violated';
    return { id, name, before: was, after: verdict, change: stays ? 'stays violated' : changeOf(was, verdict) };
  });
}

function changeOf(before: Verdict | null, after: Verdict): PatchRun['properties'][number]['change'] {
  if (after === 'violated') return 'breaks';
  if (before === 'violated' && after === 'holds') return 'fixes';
  return after === 'holds' ? (before === 'holds' ? 'stays' : 'holds') : after === 'vacuous' ? 'vacuous' : 'open';
}

/** The first that applies: a violation is real whatever else is open; what was cut short may yet run the rest. */
export function verdictOf(unmodelled: boolean, { runs, notExercised: left, interrupted }: Judgement): OnePatch['verdict'] {
  if (runs.some(({ verdict }) => verdict === 'violated')) return 'violated';
  if (unmodelled) return 'notModelled';
  if (interrupted || (left.length > 0 && runs.some(({ cuts }) => cuts.length > 0))) return 'incomplete';
  if (left.length > 0 || runs.length === 0) return 'notExercised';
  return runs.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'incomplete';
}
