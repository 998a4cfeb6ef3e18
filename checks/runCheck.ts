/**
 * The main job: every selected scenario with every selected variant, against what is expected.
 *
 * In: a selection, a preset, limits. Out: a report, and traces of what was violated if they are asked for.
 * Never: a run that is silently left out; what was not run is in the summary.
 */
import { escapeText, type Trace } from '../counterexamples/index.ts';
import { CheckpointRefused, type Limits, type Progress, type Reductions } from '../explorer/index.ts';
import { type PresetName, scenarios } from '../model/index.ts';
import { properties } from '../properties/index.ts';
import { CheckFolder, type CheckpointRequest } from './checkFolder.ts';
import { type Choice, describeSystem } from './describeSystem.ts';
import { UnreadableInput } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { comparedWithRecord, readRecordedStates } from './recordedStates.ts';
import type { CheckReport, RunResult } from './results.ts';
import { type FinishedRun, judged, runSystem, traceOf } from './runSystem.ts';
import { seedRows } from './seedRows.ts';
import { findProperty, presetNames, type Selected, type Selection, scenarioId, selectRuns } from './select.ts';
import { statsOf } from './stats.ts';

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

export interface CheckRequest extends Selection {
  readonly preset: PresetName;
  /** For each run. */
  readonly limits?: Limits;
  readonly fingerprints?: boolean;
  readonly backEnd?: 'javascript' | 'wasm';
  /** Threads, 1 and more. */
  readonly workers?: number;
  /** Default: none. */
  readonly reductions?: Reductions;
  /** Tell what reductions saved. */
  readonly stats?: boolean;
  /** Rebuild a shortest trace of everything that is violated. */
  readonly traces?: boolean;
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
  const runs: RunResult[] = [];
  const traces: Trace[] = [];
  for (const [index, { scenario, variant }] of selected.entries()) {
    if (request.signal?.aborted === true) break;
    const show = (search: Progress | null) =>
      request.onProgress?.({
        index,
        total: selected.length,
        scenario: scenarioId(scenario),
        variant: variant.name,
        search,
        elapsedMs: performance.now() - start,
      });
    show(null);
    const choice = { scenario, variant, preset: request.preset, ...(ids === null ? {} : { properties: ids }) };
    const known = folder?.resultOf(index, () => fingerprintOf(describeSystem(choice)), request.traces === true);
    if (known !== undefined && known !== null) {
      runs.push(known.run);
      traces.push(...known.traces);
      continue;
    }
    const finished = await searched(choice, request, show, folder, index);
    const verdict = judged(finished, variant, ids);
    const run = request.stats === true ? { ...verdict, stats: statsOf(finished) } : verdict;
    const shown = request.traces === true ? tracesOf(finished, run) : null;
    folder?.finish(index, finished.found, run, shown);
    runs.push(run);
    traces.push(...(shown ?? []));
  }
  // States depend on which properties are watched and on reductions, so numbers are compared for whole runs without any only.
  const changed = ids === null && !Object.values(reductions).includes(true) ? comparedWithRecord(runs, readRecordedStates()) : [];
  return { report: reportOf(request, selected, runs, changed, performance.now() - start), traces };
}

/** Goes on from a checkpoint if there is one and that is asked for. Throws UnreadableInput for one that does not fit. */
async function searched(
  choice: Choice,
  { limits, signal, fingerprints, backEnd, workers, reductions }: CheckRequest,
  onProgress: (search: Progress) => void,
  folder: CheckFolder | null,
  index: number,
): Promise<FinishedRun> {
  try {
    return await runSystem(choice, {
      onProgress,
      ...(limits === undefined ? {} : { limits }),
      ...(signal === undefined ? {} : { signal }),
      ...(fingerprints === undefined ? {} : { fingerprints }),
      ...(backEnd === undefined ? {} : { backEnd }),
      ...(workers === undefined ? {} : { workers }),
      ...(reductions === undefined ? {} : { reductions }),
      ...(folder === null ? {} : { keeping: folder.keeping(index) }),
    });
  } catch (error) {
    if (!(error instanceof CheckpointRefused) || folder === null) throw error;
    throw new UnreadableInput(`${escapeText(folder.searchFile(index), 200)} ${escapeText(error.message, 400)}`);
  }
}

function tracesOf(finished: FinishedRun, { properties: results }: RunResult): Trace[] {
  return results.flatMap(({ id, verdict }) => (verdict === 'violated' ? (traceOf(finished, id) ?? []) : []));
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
