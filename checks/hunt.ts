/**
 * Random search over one scenario, for bounds that cannot be exhausted.
 *
 * In: a scenario, a variant, a seed. Out: what was met, with a trace, and all that is needed to repeat it.
 * Never: the word holds.
 */
import { compileSystem } from '../compiler/index.ts';
import { minimise, type Trace } from '../counterexamples/index.ts';
import { type HuntOptions, hunt as huntSystem, type Path } from '../explorer/index.ts';
import type { PresetName } from '../model/index.ts';
import { propertyOf } from '../properties/index.ts';
import { boundsText } from './boundsText.ts';
import { idInScenario, idInSearch } from './deadlocks.ts';
import { describeSystem, propertiesFor } from './describeSystem.ts';
import { WrongUse } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { HuntReport } from './results.ts';
import { traceOfPath } from './runSystem.ts';
import { findProperty, findScenario, findVariant, scenarioId } from './select.ts';

export interface HuntRequest {
  readonly scenario: string;
  /** Null: the variant that is the model as it stands, or the last one. */
  readonly variant: string | null;
  readonly preset: PresetName;
  readonly seed: number;
  readonly path?: string;
  readonly runs?: number;
  readonly stepsMax?: number;
  readonly timeMs?: number;
  /** Ids: only these are looked for. Empty or left out: all of the scenario. */
  readonly properties?: readonly string[];
  /** Ctrl-C: what was done so far is reported. */
  readonly signal?: AbortSignal;
  /** Called before the first step. */
  readonly onOptions?: (options: HuntReport['options']) => void;
}
export interface HuntAnswer {
  readonly report: HuntReport;
  readonly trace: Trace | null;
}

/** Throws WrongUse for unknown names. */
export async function runHunt(request: HuntRequest): Promise<HuntAnswer> {
  const scenario = findScenario(request.scenario);
  const standing = scenario.variants.find(({ replacing }) => replacing.length === 0) ?? scenario.variants.at(-1);
  const variant = findVariant(scenario, request.variant ?? standing?.name ?? '');
  const wanted = (request.properties ?? []).map(findProperty);
  const endless = wanted.find((id) => propertyOf(id, scenario.engine).kind === 'progress');
  if (endless !== undefined) throw new WrongUse(`${endless} speaks of runs without an end, which a hunt does not take: use check`);
  const choice = { scenario, variant, preset: request.preset };
  const asked = propertiesFor(scenario, variant);
  const description = describeSystem(choice);
  const system = compileSystem(description);
  const { seed, path, runs, stepsMax, timeMs, signal, onOptions } = request;
  const about = { preset: request.preset, properties: wanted };
  const result = await huntSystem(system, {
    seed,
    ...(path === undefined ? {} : { path }),
    ...(runs === undefined ? {} : { runs }),
    ...(stepsMax === undefined ? {} : { stepsMax }),
    ...(timeMs === undefined ? {} : { timeMs }),
    ...(signal === undefined ? {} : { signal }),
    ...(wanted.length === 0 ? {} : { only: wanted.map((id) => idInSearch(id, asked)) }),
    ...(onOptions === undefined ? {} : { onOptions: (options: HuntOptions) => onOptions({ ...about, ...options }) }),
  });
  const { found } = result;
  const trace =
    found === null ? null : traceOfPath({ choice, system, fingerprint: fingerprintOf(description) }, shortened(), found.goal, false);
  function shortened(): Path {
    if (found === null) throw new Error('nothing was found');
    return minimise(system, { initial: found.initial, labels: found.labels }, found.goal);
  }
  return {
    report: {
      scenario: scenarioId(scenario),
      variant: variant.name,
      bounds: boundsText(scenario.presets[request.preset].bounds),
      options: { ...about, ...result.options },
      schedules: result.schedules,
      steps: result.steps,
      boundsMet: result.boundsMet,
      interrupted: result.interrupted,
      reached: result.reached.map((index) => {
        const id = system.propertyIds[index] ?? '';
        return scenario.interesting.find(({ predicate }) => predicate === id)?.name ?? id;
      }),
      found:
        found === null || trace === null
          ? null
          : {
              property: idInScenario(trace.property.id, asked),
              path: found.path,
              shrinks: found.shrinks,
              steps: trace.steps.length,
              expected: variant.violated.includes(idInScenario(trace.property.id, asked)),
            },
      trace,
    },
    trace,
  };
}
