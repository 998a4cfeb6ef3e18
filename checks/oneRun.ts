/**
 * One run of a check: searched and judged, with what else was asked for.
 *
 * In: plain data, so that a thread can be asked. Out: a result, traces. Never: a look at other runs.
 */
import type { Trace } from '../counterexamples/index.ts';
import type { ExploreResult, Limits, Progress, Reductions } from '../explorer/index.ts';
import type { PresetName } from '../model/index.ts';
import type { Choice } from './describeSystem.ts';
import type { RunResult } from './results.ts';
import { type FinishedRun, judged, type RunOptions, runSystem, traceOf } from './runSystem.ts';
import type { Selected } from './select.ts';
import { statsOf } from './stats.ts';

export interface OneRunRequest {
  readonly preset: PresetName;
  /** In the model's spelling; null: all. */
  readonly ids: ReadonlySet<string> | null;
  readonly limits?: Limits;
  readonly fingerprints?: boolean;
  readonly backEnd?: 'javascript' | 'wasm';
  /** Threads that search it together, 1 and more. */
  readonly workers?: number;
  /** Default: none. */
  readonly reductions?: Reductions;
  /** Keep states in parts. Default: when memory runs short. */
  readonly compress?: boolean;
  /** Tell what reductions saved. */
  readonly stats?: boolean;
  /** Rebuild a shortest trace of everything that is violated. */
  readonly traces?: boolean;
}
export interface OneRunAnswer {
  readonly run: RunResult;
  /** Null: not asked for. */
  readonly traces: readonly Trace[] | null;
  readonly found: ExploreResult;
}

export function choiceOf({ scenario, variant }: Selected, { preset, ids }: Pick<OneRunRequest, 'preset' | 'ids'>): Choice {
  return { scenario, variant, preset, ...(ids === null ? {} : { properties: ids }) };
}

/** Throws CheckpointRefused. */
export async function oneRun(
  selected: Selected,
  request: OneRunRequest,
  { signal, keeping }: Pick<RunOptions, 'signal' | 'keeping'>,
  onProgress?: (search: Progress) => void,
): Promise<OneRunAnswer> {
  const { ids, limits, fingerprints, backEnd, workers, reductions, compress } = request;
  const finished = await runSystem(choiceOf(selected, request), {
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(limits === undefined ? {} : { limits }),
    ...(signal === undefined ? {} : { signal }),
    ...(fingerprints === undefined ? {} : { fingerprints }),
    ...(backEnd === undefined ? {} : { backEnd }),
    ...(workers === undefined ? {} : { workers }),
    ...(reductions === undefined ? {} : { reductions }),
    ...(compress === undefined ? {} : { compress }),
    ...(keeping === undefined ? {} : { keeping }),
  });
  const verdict = judged(finished, selected.variant, ids);
  const run = request.stats === true ? { ...verdict, stats: statsOf(finished) } : verdict;
  return { run, traces: request.traces === true ? tracesOf(finished, run) : null, found: finished.found };
}

function tracesOf(finished: FinishedRun, { properties: results }: RunResult): Trace[] {
  return results.flatMap(({ id, verdict }) => (verdict === 'violated' ? (traceOf(finished, id) ?? []) : []));
}
