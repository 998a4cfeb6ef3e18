/**
 * The main job: every selected scenario with every selected variant, against what is expected.
 *
 * In: a selection, a preset, limits. Out: a report, and traces of what was violated if they are asked for.
 * Never: a run that is silently left out; what was not run is in the summary.
 */
import { availableParallelism } from 'node:os';
import { escapeText, type Trace } from '../counterexamples/index.ts';
import { CheckpointRefused, type Progress } from '../explorer/index.ts';
import { scenarios } from '../model/index.ts';
import { properties } from '../properties/index.ts';
import { CheckFolder, type CheckpointRequest } from './checkFolder.ts';
import { describeSystem } from './describeSystem.ts';
import { UnreadableInput } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { choiceOf, type OneRunAnswer, type OneRunRequest, oneRun } from './oneRun.ts';
import { comparedWithRecord, readRecordedStates } from './recordedStates.ts';
import type { CheckReport, RunResult } from './results.ts';
import { canRunTogether, type MadeRun, runTogether } from './runTogether.ts';
import { seedRows } from './seedRows.ts';
import { findProperty, presetNames, type Selected, type Selection, scenarioId, selectRuns } from './select.ts';

/** For fewer, starting a thread takes longer than it saves. */
const runsWorthAThread = 8;

export interface CheckProgress {
  /** Of the run that is under way, from 0, and the number of runs. */
  readonly index: number;
  readonly total: number;
  readonly scenario: string;
  readonly variant: string;
  /** Null while the system is compiled. */
  readonly search: Progress | null;
  /** Since the first run began. */
  readonly elapsedMs: number;
}

/** Limits are of each run. */
export interface CheckRequest extends Selection, Omit<OneRunRequest, 'ids'> {
  /**
   * Runs that are made at the same time, each with its limits. Default: one a core if there are many, at small bounds, each by one
   * thread; else 1. Always 1 with checkpoints, and where the sources are not built.
   */
  readonly jobs?: number;
  /** Keep checkpoints, or go on from them. */
  readonly checkpoint?: CheckpointRequest;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
}

export interface CheckAnswer {
  readonly report: CheckReport;
  readonly traces: readonly Trace[];
}

/** Throws WrongUse for unknown names, and UnreadableInput for checkpoints of something else. After an abort the report holds what was run so far. */
export async function runCheck(request: CheckRequest): Promise<CheckAnswer> {
  const selected = selectRuns(request);
  const ids = request.properties.length === 0 ? null : new Set(request.properties.map(findProperty));
  const { scenarios: names, variants, properties: watched, preset, limits = {}, fingerprints = false, reductions = {} } = request;
  const asked = { scenarios: [...names], variants: [...variants], properties: [...watched], preset, limits, fingerprints, reductions };
  const folder = request.checkpoint === undefined ? null : CheckFolder.open(request.checkpoint, selected, asked);
  const start = performance.now();
  const oneRunRequest = oneRunRequestOf(request, ids);
  const make = async (index: number): Promise<MadeRun> => {
    const each = selected[index] as Selected;
    const show = (search: Progress | null) =>
      request.onProgress?.({
        index,
        total: selected.length,
        scenario: scenarioId(each.scenario),
        variant: each.variant.name,
        search,
        elapsedMs: performance.now() - start,
      });
    show(null);
    const known = folder?.resultOf(index, () => fingerprintOf(describeSystem(choiceOf(each, oneRunRequest))), request.traces === true);
    if (known !== undefined && known !== null) return known;
    const { run, traces, found } = await searched(each, oneRunRequest, request.signal, show, folder, index);
    folder?.finish(index, found, run, traces);
    return { run, traces };
  };
  const jobs = folder === null && canRunTogether() ? (request.jobs ?? usualJobs(selected.length, request)) : 1;
  const made = (await runTogether(selected, oneRunRequest, jobs, request.signal, make)).filter((each) => each !== undefined);
  const runs = made.map(({ run }) => run);
  const traces = made.flatMap((each) => each.traces ?? []);
  // States depend on which properties are watched and on reductions, so numbers are compared for whole runs without any only.
  const changed = ids === null && !Object.values(reductions).includes(true) ? comparedWithRecord(runs, readRecordedStates()) : [];
  return { report: reportOf(request, selected, runs, changed, performance.now() - start), traces };
}

/** A thread takes half a second to begin with, and memory for a run of its own. */
function usualJobs(runs: number, { preset, workers = 1 }: CheckRequest): number {
  return preset === 'small' && workers === 1 ? Math.min(availableParallelism(), Math.ceil(runs / runsWorthAThread)) : 1;
}

/** Plain data of it, without what only this thread can use. */
function oneRunRequestOf(request: CheckRequest, ids: ReadonlySet<string> | null): OneRunRequest {
  const { preset, limits, fingerprints, backEnd, workers, reductions, compress, stats, traces } = request;
  return {
    preset,
    ids,
    ...(limits === undefined ? {} : { limits }),
    ...(fingerprints === undefined ? {} : { fingerprints }),
    ...(backEnd === undefined ? {} : { backEnd }),
    ...(workers === undefined ? {} : { workers }),
    ...(reductions === undefined ? {} : { reductions }),
    ...(compress === undefined ? {} : { compress }),
    ...(stats === undefined ? {} : { stats }),
    ...(traces === undefined ? {} : { traces }),
  };
}

/** Goes on from a checkpoint if there is one and that is asked for. Throws UnreadableInput for one that does not fit. */
async function searched(
  selected: Selected,
  request: OneRunRequest,
  signal: AbortSignal | undefined,
  onProgress: (search: Progress) => void,
  folder: CheckFolder | null,
  index: number,
): Promise<OneRunAnswer> {
  try {
    const keeping = folder?.keeping(index);
    const lifetime = { ...(signal === undefined ? {} : { signal }), ...(keeping === undefined ? {} : { keeping }) };
    return await oneRun(selected, request, lifetime, onProgress);
  } catch (error) {
    if (!(error instanceof CheckpointRefused) || folder === null) throw error;
    throw new UnreadableInput(`${escapeText(folder.searchFile(index), 200)} ${escapeText(error.message, 400)}`);
  }
}

function reportOf(
  request: CheckRequest,
  selected: readonly Selected[],
  runs: readonly RunResult[],
  changed: string[],
  ms: number,
): CheckReport {
  const covered = new Set(runs.flatMap((run) => run.properties.filter((each) => each.verdict !== 'vacuous').map((each) => each.id)));
  const asked = new Set(request.properties.map(findProperty));
  const known = properties.map(({ id }) => id).filter((id) => asked.size === 0 || asked.has(id));
  return {
    preset: request.preset,
    runs: [...runs],
    seeds: request.properties.length === 0 ? seedRows(runs) : [],
    summary: {
      runs: runs.length,
      asExpected: runs.filter((run) => run.asExpected).length,
      states: runs.reduce((sum, run) => sum + run.states, 0),
      milliseconds: Math.round(ms),
      propertiesCovered: known.filter((id) => covered.has(id)),
      propertiesNotCovered: known.filter((id) => !covered.has(id)),
      notCovered: leftOut(request, selected, runs),
      statesChanged: changed,
    },
  };
}

/** What somebody might take for checked and was not, a sentence each. */
function leftOut(request: CheckRequest, selected: readonly Selected[], runs: readonly RunResult[]): string[] {
  const all = scenarios.flatMap((scenario) => scenario.variants.map((variant) => ({ scenario, variant })));
  const notSelected = all.filter(({ scenario, variant }) => !selected.some((run) => run.scenario === scenario && run.variant === variant));
  const exempt = selected.flatMap(({ scenario, variant }) =>
    (variant.exempt ?? []).map(({ id, reason }) => `${id} is not asked of ${scenarioId(scenario)} ${variant.name}: ${reason}`),
  );
  return [
    ...(runs.length < selected.length ? [`${selected.length - runs.length} of ${selected.length} runs were not made: interrupted`] : []),
    ...(notSelected.length === 0 ? [] : [`${notSelected.length} other runs, which were not selected`]),
    ...(request.properties.length === 0
      ? []
      : [`properties other than ${request.properties.map(findProperty).join(', ')}, which were not selected`]),
    `bounds ${presetNames.filter((name) => name !== request.preset).join(' and ')} (--bounds)`,
    ...exempt,
  ];
}
