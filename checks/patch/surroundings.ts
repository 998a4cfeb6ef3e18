/**
 * What a patch is put into: a scenario with the variant that its functions fit.
 *
 * In: a patch as read, scenarios. Out: for each scenario the variant, and the patch lowered into it.
 * Never: a choice between eras that fit in different ways; that is the user's.
 */
import type { Procedure } from '../../compiler/index.ts';
import { type PresetName, type Scenario, type ScenarioVariant, scenarios } from '../../model/index.ts';
import { type LeftOut, type LoweredPatch, lowerPatch, type ReadPatch } from '../../patches/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { type Choice, describeSystem, sketchSystem } from '../describeSystem.ts';
import { unknownName } from '../errors.ts';

/** A patch inside one scenario. */
export interface Placed {
  readonly scenario: Scenario;
  readonly variant: ScenarioVariant;
  readonly lowered: LoweredPatch;
  /**
   * On a tree: its functions before the patch, which take the place of the model's in the run that the patch is compared with; null if
   * they are not modelled. Left out: there is no tree.
   */
  readonly before?: {
    readonly procedures: readonly Procedure[];
    readonly leftOut: readonly LeftOut[];
    readonly constants: ReadonlyMap<string, number>;
  } | null;
}

/** Where a patch is run, or why nowhere. */
export interface Placement {
  /** Eras whose scenarios these are: several only if they are the same code there. */
  readonly eras: readonly string[];
  readonly placed: readonly Placed[];
  /** Scenarios of those eras that have no code of the patch's day. */
  readonly leftOut: readonly Placed[];
  /** Eras that fit as well, and in other code: nobody has said which of them the patch is for. */
  readonly rivals: readonly string[];
}

/**
 * The scenarios of an era, or of the one era in which the whole patch is modelled and reached. If there is none: those of
 * the era with least left over. If there are several of the same code: all of their scenarios.
 */
export async function placePatch(patch: ReadPatch, preset: PresetName, era: string | null): Promise<Placement> {
  const eras = [...new Set(scenarios.map((scenario) => scenario.era))].sort().reverse();
  if (era !== null && !eras.includes(era)) throw unknownName('era', era, eras);
  const all: Placement[] = [];
  for (const each of era === null ? eras : [era]) all.push(await placeInEra(patch, each, preset));
  const fitting = all.filter(({ placed }) => problemsOf(placed) === 0);
  const [least] = [...all].sort((a, b) => problemsOf(a.placed) - problemsOf(b.placed));
  if (least === undefined) throw new Error('there is no scenario');
  const [first = least, ...others] =
    fitting.length > 1 ? fitting.filter(({ placed }) => placed.some((each) => reaches(each, preset))) : fitting;
  const same = others.filter((other) => codeOf(other) === codeOf(first));
  return {
    eras: [first, ...same].flatMap((one) => one.eras),
    placed: [first, ...same].flatMap((one) => one.placed),
    leftOut: [first, ...same].flatMap((one) => one.leftOut),
    rivals: others.filter((other) => !same.includes(other)).flatMap((one) => one.eras),
  };
}

/** A scenario that has code from before the era's proposal must take the patch; one that has not may be left out. */
async function placeInEra(patch: ReadPatch, era: string, preset: PresetName): Promise<Placement> {
  const own = scenarios.filter((scenario) => scenario.era === era && scenario.takesPatches === undefined);
  const each = await Promise.all(own.map((scenario) => placeInScenario(patch, scenario, preset)));
  const all = await inOneCode(patch, each, preset);
  const ofTheDay = all.filter(({ scenario }) => baseOf(scenario) !== undefined);
  const leftOut = ofTheDay.length === 0 ? [] : all.filter((each) => problemsOf([each]) > 0 && !ofTheDay.includes(each));
  return { eras: [era], placed: all.filter((each) => !leftOut.includes(each)), leftOut, rivals: [] };
}

/** A scenario's constants may make a later variant fit in it alone: where one variant fits all of them, that is meant. */
async function inOneCode(patch: ReadPatch, placed: readonly Placed[], preset: PresetName): Promise<readonly Placed[]> {
  const fitting = placed.filter((each) => problemsOf([each]) === 0);
  const names = [...new Set(fitting.map(({ variant }) => variant.name))];
  if (names.length < 2) return placed;
  for (const name of names) {
    const again = await Promise.all(
      placed.map(async (each) => {
        const variant = each.scenario.variants.find((one) => one.name === name);
        if (variant === undefined || variant === each.variant || problemsOf([each]) > 0) return each;
        return { ...each, variant, lowered: await lowerInto(patch, { scenario: each.scenario, variant, preset }) };
      }),
    );
    const one = again.filter(({ scenario }) => fitting.some((each) => each.scenario === scenario));
    if (one.every((each) => each.variant.name === name && problemsOf([each]) === 0)) return again;
  }
  return placed;
}

/** Which code a patch is put into: the model as it stands, per engine, wherever some scenario of the era has it so; else variants by their files. */
function codeOf({ placed }: Placement): string {
  const codes = placed.map(({ scenario, variant }) => ({ engine: scenario.engine ?? 'shadow', files: variant.replacing.join() }));
  const latest = new Set(codes.filter(({ files }) => files === '').map(({ engine }) => engine));
  return JSON.stringify([...new Set(codes.map(({ engine, files }) => (latest.has(engine) ? engine : `${engine} ${files}`)))].sort());
}

/** Whether any function of the patch is run in the scenario; on a tree, those that it changes: others are only taken along with them. */
export function reaches({ scenario, variant, lowered, before }: Placed, preset: PresetName): boolean {
  const replacing = new Map(lowered.procedures.map((procedure) => [procedure.name, procedure]));
  const found = reachableProcedures(sketchSystem({ scenario, variant, preset, replacing }));
  const changed = new Set(
    lowered.functions.flatMap(({ name, source, procedure }) => (source.changed ? [name, procedure?.name ?? name] : [])),
  );
  // The text of a changed function may be in others instead.
  for (const { name, inside } of lowered.functions) if ([...inside].some((one) => changed.has(one))) changed.add(name);
  return [...replacing.keys()].some((name) => (before === undefined || changed.has(name)) && found.has(name));
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
export function kernelsOf({ variants }: Scenario): readonly ScenarioVariant[] {
  const latest = variants.findIndex(({ replacing }) => replacing.length === 0);
  return latest < 0 ? variants : variants.slice(0, latest + 1);
}

/** The patch in these surroundings; what it removes is held against the variant `base`, if there is one. */
export async function lowerInto(patch: ReadPatch, { scenario, variant, preset }: Choice): Promise<LoweredPatch> {
  const { machine, constants, procedures } = describeSystem({ scenario, variant, preset });
  const base = baseOf(scenario);
  return lowerPatch(patch, {
    machine,
    constants,
    procedures,
    base: base === undefined ? null : describeSystem({ scenario, variant: base, preset }).procedures,
  });
}

/** The code of the day, before the proposal of the era, if the scenario has it: the first of that form. */
export function baseOf({ variants }: Scenario): ScenarioVariant | undefined {
  return variants.find(({ forms }) => forms?.includes('base') === true);
}

/** Scenarios of one era differ in bounds only as far as patches go: the worst of them counts. */
function problemsOf(placed: readonly Placed[]): number {
  return Math.max(0, ...placed.map(({ lowered }) => lowered.unmodelled.length));
}
