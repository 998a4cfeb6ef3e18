/**
 * A trace file against the model as it is now: every step taken again, without a search.
 *
 * In: a trace. Out: whether it still violates, and where the two part. Never: an answer for a scenario that is not there.
 */
import { compileSystem, type SystemDescription } from '../compiler/index.ts';
import { escapeText, replayTrace, type Trace } from '../counterexamples/index.ts';
import type { Bounds, PresetName, Scenario } from '../model/index.ts';
import { type Choice, describeSystem } from './describeSystem.ts';
import { WrongUse } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { namingOf } from './namingOf.ts';
import { readTreePatches, type SeriesRequest } from './patch/judgeTree.ts';
import { readPatchFile } from './patch/readPatchFile.ts';
import { lowerInto } from './patch/surroundings.ts';
import { placeInVariant } from './patch/treeSurroundings.ts';
import type { ReplayReport } from './results.ts';
import { findScenario, findVariant, presetNames, scenarioId } from './select.ts';

export interface ReplayOptions {
  /** Another variant than the trace was made with. */
  readonly variant?: string;
  /** The patch that the trace was made with, or another one to hold against it. */
  readonly patch?: string;
  /** Patches on a kernel tree, instead. */
  readonly series?: SeriesRequest;
}

/** Throws WrongUse where this model has no such scenario or bounds, UnreadableInput for what is no patch. */
export async function replay(file: string, trace: Trace, { variant, patch, series }: ReplayOptions = {}): Promise<ReplayReport> {
  const made = patchOf(trace);
  // Without those functions it would be a run of something else, and say nothing.
  if (patch === undefined && series === undefined && variant === undefined && made !== null)
    throw new WrongUse(
      `this trace was made with a patch (its C is in ${made}): give that with --patch, and with --tree if it was judged on one`,
    );
  const scenario = findScenario(trace.scenario);
  const chosen = findVariant(scenario, variant ?? trace.variant);
  const choice: Choice = {
    scenario,
    variant: chosen,
    preset: presetOf(scenario, trace),
    ...(trace.watched === undefined ? {} : { properties: new Set(trace.watched) }),
  };
  const description = await describePatched(choice, trace, patch, series);
  const result = replayTrace(trace, compileSystem(description), fingerprintOf(description), namingOf(scenario, choice.preset));
  return {
    file,
    scenario: scenarioId(scenario),
    variant: chosen.name,
    property: trace.property.id,
    stillViolates: result.stillViolates,
    violatingStep: result.violatingStep,
    steps: trace.steps.length,
    stepsTaken: result.stepsTaken,
    // Of another variant that goes without saying.
    sameModel: chosen.name === trace.variant ? result.sameModel : null,
    firstDifference: result.firstDifference,
  };
}

async function describePatched(choice: Choice, trace: Trace, patch: string | undefined, series: SeriesRequest | undefined) {
  if (series !== undefined) return await describeOnTree(choice, trace, series);
  return describeSystem(patch === undefined ? choice : await withPatch(choice, patch));
}

/** Of a series: as far as it was applied when the trace was made, which the fingerprint tells; else, all of it. */
async function describeOnTree(choice: Choice, trace: Trace, series: SeriesRequest): Promise<SystemDescription> {
  const read = await readTreePatches(series);
  let constants: ReadonlyMap<string, number> = new Map();
  let found: SystemDescription | null = null;
  for (const each of read) {
    const { lowered } = await placeInVariant(each, choice, constants);
    const [first] = lowered.unmodelled;
    if (first !== undefined)
      throw new WrongUse(`${each.applied.patch.file} is not modelled here: line ${first.line}: ${first.name} ${first.why}`);
    constants = lowered.constants;
    found = describeSystem({ ...choice, replacing: new Map(lowered.procedures.map((one) => [one.name, one])), constants });
    if (fingerprintOf(found) === trace.fingerprint) return found;
  }
  if (found === null) throw new WrongUse('which patch? There is none in what was given');
  return found;
}

/** Throws WrongUse if the patch is not modelled in these surroundings: what would be replayed is something else. */
async function withPatch(choice: Choice, file: string): Promise<Choice> {
  const { patch } = await readPatchFile(file);
  const { unmodelled, procedures, constants } = await lowerInto(patch, choice);
  const [first] = unmodelled;
  if (first !== undefined) throw new WrongUse(`${file} is not modelled here: line ${first.line}: ${first.name} ${first.why}`);
  return { ...choice, replacing: new Map(procedures.map((procedure) => [procedure.name, procedure])), constants };
}

/** The preset with the bounds of the trace. */
function presetOf(scenario: Scenario, trace: Trace): PresetName {
  const same = (bounds: Bounds) =>
    Object.entries(bounds).every(([name, value]) => typeof value !== 'number' || trace.bounds.values[name] === value);
  const found = presetNames.find((name) => same(scenario.presets[name].bounds));
  if (found === undefined) throw new WrongUse(`no preset of ${scenarioId(scenario)} has the bounds of this trace: ${trace.bounds.summary}`);
  return found;
}

/** Name of the patch file that a trace was made with, null if it was none: its statements say so. */
export function patchOf(trace: Trace): string | null {
  for (const { statements } of trace.steps) {
    const stranger = statements.find(({ language }) => language === 'c');
    if (stranger !== undefined) return escapeText(stranger.file, 100);
  }
  return null;
}
