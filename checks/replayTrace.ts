/**
 * A trace file against the model as it is now: every step taken again, without a search.
 *
 * In: a trace. Out: whether it still violates, and where the two part. Never: an answer for a scenario that is not there.
 */
import { compileSystem } from '../compiler/index.ts';
import { replayTrace, type Trace } from '../counterexamples/index.ts';
import type { Bounds, PresetName, Scenario } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';
import { WrongUse } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ReplayReport } from './results.ts';
import { findScenario, findVariant, presetNames, scenarioId } from './select.ts';

/** `variant`: another one than the trace was made with. Throws WrongUse where this model has no such scenario or bounds. */
export function replay(file: string, trace: Trace, variant?: string): ReplayReport {
  const scenario = findScenario(trace.scenario);
  const chosen = findVariant(scenario, variant ?? trace.variant);
  const description = describeSystem({ scenario, variant: chosen, preset: presetOf(scenario, trace) });
  const result = replayTrace(trace, compileSystem(description), fingerprintOf(description));
  return {
    file,
    scenario: scenarioId(scenario),
    variant: chosen.name,
    property: trace.property.id,
    stillViolates: result.stillViolates,
    violatingStep: result.violatingStep,
    steps: trace.steps.length,
    stepsTaken: result.stepsTaken,
    sameModel: result.sameModel,
    firstDifference: result.firstDifference,
  };
}

/** The preset with the bounds of the trace. */
function presetOf(scenario: Scenario, trace: Trace): PresetName {
  const same = (bounds: Bounds) =>
    Object.entries(bounds).every(([name, value]) => typeof value !== 'number' || trace.bounds.values[name] === value);
  const found = presetNames.find((name) => same(scenario.presets[name].bounds));
  if (found === undefined) throw new WrongUse(`no preset of ${scenarioId(scenario)} has the bounds of this trace: ${trace.bounds.summary}`);
  return found;
}
