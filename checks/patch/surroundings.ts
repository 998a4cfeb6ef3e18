/**
 * What a patch is put into: a scenario with the variant that its functions fit.
 *
 * In: a patch as read, scenarios. Out: for each scenario the variant, and the patch lowered into it.
 * Never: a choice between eras that fit in different ways; that is the user's.
 */
import { type PresetName, type Scenario, type ScenarioVariant, scenarios } from '../../model/index.ts';
import { type LoweredPatch, lowerPatch, type ReadPatch } from '../../patches/index.ts';
import { type Choice, describeSystem } from '../describeSystem.ts';
import { unknownName } from '../errors.ts';

/** A patch inside one scenario. */
export interface Placed {
  readonly scenario: Scenario;
  readonly variant: ScenarioVariant;
  readonly lowered: LoweredPatch;
}

/** The scenarios of an era, or of the latest era in which the whole patch is modelled; else of the one with least left over. */
export async function placePatch(patch: ReadPatch, preset: PresetName, era: string | null): Promise<readonly Placed[]> {
  const eras = [...new Set(scenarios.map((scenario) => scenario.era))].sort().reverse();
  if (era !== null && !eras.includes(era)) throw unknownName('era', era, eras);
  const wanted = era === null ? eras : [era];
  let best: readonly Placed[] = [];
  for (const each of wanted) {
    const placed = await Promise.all(
      scenarios.filter((scenario) => scenario.era === each).map((scenario) => placeInScenario(patch, scenario, preset)),
    );
    if (problemsOf(placed) === 0) return placed;
    if (best.length === 0 || problemsOf(placed) < problemsOf(best)) best = placed;
  }
  return best;
}

/** The latest variant whose contracts the patch fits. */
async function placeInScenario(patch: ReadPatch, scenario: Scenario, preset: PresetName): Promise<Placed> {
  let best: Placed | null = null;
  for (const variant of kernelsOf(scenario).toReversed()) {
    const lowered = await lowerInto(patch, { scenario, variant, preset });
    if (lowered.unmodelled.length === 0) return { scenario, variant, lowered };
    if (best === null || lowered.unmodelled.length < best.lowered.unmodelled.length) best = { scenario, variant, lowered };
  }
  if (best === null) throw new Error(`scenario ${scenario.name} has no variant`);
  return best;
}

/**
 * Variants are in the order of their time, up to the model as it stands (which replaces nothing); what comes after
 * that are mutants of it, into which nobody would apply a patch.
 */
function kernelsOf({ variants }: Scenario): readonly ScenarioVariant[] {
  const latest = variants.findIndex(({ replacing }) => replacing.length === 0);
  return latest < 0 ? variants : variants.slice(0, latest + 1);
}

/** The patch in these surroundings; what it removes is held against the variant `base`, if there is one. */
export async function lowerInto(patch: ReadPatch, { scenario, variant, preset }: Choice): Promise<LoweredPatch> {
  const { machine, constants, procedures } = describeSystem({ scenario, variant, preset });
  const base = scenario.variants.find((each) => each.name === 'base');
  return lowerPatch(patch, {
    machine,
    constants,
    procedures,
    base: base === undefined || base === variant ? null : describeSystem({ scenario, variant: base, preset }).procedures,
  });
}

/** Scenarios of one era differ in bounds only as far as patches go: the worst of them counts. */
function problemsOf(placed: readonly Placed[]): number {
  return Math.max(0, ...placed.map(({ lowered }) => lowered.unmodelled.length));
}
