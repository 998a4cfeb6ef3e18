/**
 * The main job: every selected scenario with every selected variant, against what is expected.
 *
 * In: a selection, a preset, limits. Out: a report, and traces of what was violated if they are asked for.
 * Never: a run that is silently left out; what was not run is in the summary.
 */
import type { Trace } from '../counterexamples/index.ts';
import type { Limits, Progress } from '../explorer/index.ts';
import { type PresetName, scenarios } from '../model/index.ts';
import { properties } from '../properties/index.ts';
import { comparedWithRecord, readRecordedStates } from './recordedStates.ts';
import type { CheckReport, RunResult } from './results.ts';
import { judged, runSystem, traceOf } from './runSystem.ts';
import { seedRows } from './seedRows.ts';
import { findProperty, presetNames, type Selected, type Selection, scenarioId, selectRuns } from './select.ts';

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
  /** Rebuild a shortest trace of everything that is violated. */
  readonly traces?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
}

export interface CheckAnswer {
  readonly report: CheckReport;
  readonly traces: readonly Trace[];
}

/** Throws WrongUse for unknown names. After an abort the report holds what was run so far. */
export async function runCheck(request: CheckRequest): Promise<CheckAnswer> {
  const selected = selectRuns(request);
  const ids = request.properties.length === 0 ? null : new Set(request.properties.map(findProperty));
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
    const finished = await runSystem(
      { scenario, variant, preset: request.preset, ...(ids === null ? {} : { properties: ids }) },
      {
        onProgress: show,
        ...(request.limits === undefined ? {} : { limits: request.limits }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
        ...(request.fingerprints === undefined ? {} : { fingerprints: request.fingerprints }),
        ...(request.backEnd === undefined ? {} : { backEnd: request.backEnd }),
      },
    );
    const run = judged(finished, variant, ids);
    runs.push(run);
    if (request.traces !== true) continue;
    for (const { id, verdict } of run.properties) {
      const trace = verdict === 'violated' ? traceOf(finished, id) : null;
      if (trace !== null) traces.push(trace);
    }
  }
  // States depend on which properties are watched, so numbers are compared for whole runs only.
  const changed = ids === null ? comparedWithRecord(runs, readRecordedStates()) : [];
  return { report: reportOf(request, selected, runs, changed, performance.now() - start), traces };
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
