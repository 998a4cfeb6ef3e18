/**
 * What a patch on a tree is put into: the code of the model that goes with the tree's version.
 *
 * In: the changed functions before and after, a version. Out: scenarios, each with both sides lowered into it. Never: a variant of
 * another time; a scenario in which a changed function is not modelled.
 */
import { type PresetName, type Scenario, type ScenarioVariant, scenarios } from '../../model/index.ts';
import { callingNames, type KernelTree, type LoweredTreePatch, lowerUnits, type ReadTreePatch } from '../../patches/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { type Choice, describeSystem } from '../describeSystem.ts';
import { unknownName } from '../errors.ts';
import { scenarioId } from '../select.ts';
import { kernelsOf, type Placed } from './surroundings.ts';

/** A patch on a tree inside one scenario. */
export interface PlacedOnTree extends Placed {
  readonly lackingBefore: LoweredTreePatch['lackingBefore'];
}
export interface TreePlacement {
  readonly placed: readonly PlacedOnTree[];
  /** Scenarios whose machine lacks something; empty if that is so in all of them. */
  readonly leftOut: readonly PlacedOnTree[];
}
/** Which code of the model a tree goes with. */
export interface TreeEra {
  readonly eras: readonly string[];
  /** Only the model as it stands, or, of an older kernel, the latest variant that the functions fit. */
  readonly latestOnly: boolean;
  /** In a sentence, for the report. */
  readonly sentence: string;
}

type Version = KernelTree['version'];
/** The model as it stands has the functions' parameters of this version and later ones: docs/procedures.md. */
const modelledFrom = { major: 5, minor: 18 };
/** Kernels before that: the last version whose code each era's scenarios have. */
const olderEras = [
  { until: { major: 3, minor: 99 }, era: '2013' },
  { until: { major: 5, minor: 9 }, era: '2020' },
  { until: { major: 5, minor: 17 }, era: '2021' },
] as const;

/** `asked`: by the user, with --era. Throws WrongUse for an unknown one. */
export function eraOfTree(version: Version, asked: string | null): TreeEra {
  const eras = [...new Set(scenarios.map((scenario) => scenario.era))].sort().reverse();
  if (asked !== null && !eras.includes(asked)) throw unknownName('era', asked, eras);
  const isOld = version !== null && before(version, modelledFrom);
  const old = isOld ? olderEras.find(({ until }) => !before(until, version))?.era : undefined;
  const era = asked ?? old;
  const found = version === null ? 'the tree does not tell its version' : `the tree is ${version.text}, by its ${version.from}`;
  const taken = isOld ? 'the latest variant that the functions fit' : 'the model as it stands, which is for 5.18 and later';
  const scope = era === undefined ? 'scenarios of all eras' : `scenarios of era ${era}${asked === null ? '' : ', as asked for'}`;
  return { eras: era === undefined ? eras : [era], latestOnly: !isOld, sentence: `${found}: ${taken}; ${scope}` };
}

function before(a: { major: number; minor: number }, b: { major: number; minor: number }): boolean {
  return a.major < b.major || (a.major === b.major && a.minor < b.minor);
}

/** `constants`: that earlier patches of the series changed. */
export async function placeOnTree(
  read: ReadTreePatch,
  { eras, latestOnly, only }: Pick<TreeEra, 'eras' | 'latestOnly'> & { readonly only: readonly string[] | null },
  preset: PresetName,
  constants: ReadonlyMap<string, number>,
): Promise<TreePlacement> {
  const own = scenarios.filter(
    (scenario) => eras.includes(scenario.era) && scenario.takesPatches !== false && (only === null || only.includes(scenarioId(scenario))),
  );
  const changed = [...new Set([...read.before, ...read.after].map(({ source }) => source.name))];
  // What the model has not is reached through those who call it.
  const names = new Set([...changed, ...callingNames(read.contents.after, changed)]);
  const concerned = own.filter((scenario) =>
    variantsOf(scenario, latestOnly).some((variant) => runs({ scenario, variant, preset }, names)),
  );
  // If none runs any of them, one of each engine says what of the patch is modelled at all.
  const some =
    concerned.length > 0
      ? concerned
      : ['shadow', 'tdp'].flatMap((engine) => own.find((each) => (each.engine ?? 'shadow') === engine) ?? []);
  const all: PlacedOnTree[] = [];
  for (const scenario of some) {
    const placed = await placeInScenario(read, scenario, variantsOf(scenario, latestOnly), preset, constants);
    if (placed !== null) all.push(placed);
  }
  const lacking = ({ lowered }: Placed): number => lowered.unmodelled.length;
  const fitting = all.filter((each) => lacking(each) === 0);
  if (fitting.length > 0) return { placed: fitting, leftOut: all.filter((each) => lacking(each) > 0) };
  const [least] = [...all].sort((a, b) => lacking(a) - lacking(b));
  return { placed: least === undefined ? [] : [least], leftOut: [] };
}

/** Whether any process comes to one of these procedures. New functions are called by changed ones, if at all. */
function runs(choice: Choice, names: ReadonlySet<string>): boolean {
  const found = reachableProcedures(describeSystem(choice));
  return [...names].some((name) => found.has(name));
}

function variantsOf(scenario: Scenario, latestOnly: boolean): readonly ScenarioVariant[] {
  const kernels = kernelsOf(scenario).toReversed();
  return latestOnly ? kernels.filter(({ replacing }) => replacing.length === 0) : kernels;
}

async function placeInScenario(
  read: ReadTreePatch,
  scenario: Scenario,
  variants: readonly ScenarioVariant[],
  preset: PresetName,
  changed: ReadonlyMap<string, number>,
): Promise<PlacedOnTree | null> {
  let best: PlacedOnTree | null = null;
  for (const variant of variants) {
    const placed = await placeInVariant(read, { scenario, variant, preset }, changed);
    if (placed.lowered.unmodelled.length === 0) return placed;
    if (best === null || placed.lowered.unmodelled.length < best.lowered.unmodelled.length) best = placed;
  }
  return best;
}

/** `changed`: constants that earlier patches of the series changed. */
export async function placeInVariant(
  read: ReadTreePatch,
  { scenario, variant, preset }: Choice,
  changed: ReadonlyMap<string, number>,
): Promise<PlacedOnTree> {
  const surroundings = describeSystem({ scenario, variant, preset, constants: changed });
  const { before: old, lackingBefore, after } = await lowerUnits(read, surroundings);
  const lowered = { ...after, constants: new Map([...changed, ...after.constants]) };
  return { scenario, variant, lowered, before: old === null ? null : { ...old, constants: changed }, lackingBefore };
}
