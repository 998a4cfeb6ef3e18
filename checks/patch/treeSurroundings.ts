/**
 * What a patch on a tree is put into: the code of the model that goes with the tree's version.
 *
 * In: the changed functions before and after, a version. Out: scenarios, each with both sides lowered into it. Never: a variant of
 * another time; a scenario in which a changed function is not modelled.
 */

import type { Procedure } from '../../compiler/index.ts';
import { type PresetName, type Scenario, type ScenarioVariant, scenarios } from '../../model/index.ts';
import {
  callingNames,
  type HunkReport,
  type KernelTree,
  kvmBindings,
  type LoweredTreePatch,
  lowerUnits,
  type Obstacle,
  otherNames,
  type ReadTreePatch,
} from '../../patches/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { type Choice, describeSystem, sketchSystem } from '../describeSystem.ts';
import { unknownName } from '../errors.ts';
import { mayReach } from '../possibleCalls.ts';
import { scenarioId } from '../select.ts';
import { kernelsOf, type Placed } from './surroundings.ts';

/** A patch on a tree inside one scenario. */
export interface PlacedOnTree extends Placed {
  readonly lackingBefore: LoweredTreePatch['lackingBefore'];
  /** What changed functions lack that nothing in this scenario would come to: they are for another machine. */
  readonly elsewhere: readonly Obstacle[];
}
export interface TreePlacement {
  readonly placed: readonly PlacedOnTree[];
  /** Scenarios whose machine lacks something; empty if that is so in all of them. */
  readonly leftOut: readonly PlacedOnTree[];
  /** What keeps the patch from being judged: obstacles of all scenarios, and functions that are modelled in none. */
  readonly notModelled: readonly Obstacle[];
  /** What became of the hunks, where most is known of each. */
  readonly hunks: readonly HunkReport[];
  /** Scenarios that come to something that the patch changes, and were not asked for. */
  readonly others: readonly string[];
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
  const changed = [...new Set([...read.before, ...read.after].map(({ source }) => source.name))];
  const isAsked = (scenario: Scenario): boolean => only?.includes(scenarioId(scenario)) ?? takes(scenario, changed);
  const ofEra = scenarios.filter((scenario) => eras.includes(scenario.era) && scenario.takesPatches !== false);
  const own = ofEra.filter(isAsked);
  // What the model has not is reached through those who call it.
  const known = [...changed, ...callingNames(read.contents.after, changed)];
  const names = new Set([...known, ...otherNames(known, kvmBindings)]);
  const isConcerned = (scenario: Scenario): boolean =>
    variantsOf(scenario, latestOnly).some((variant) => runs({ scenario, variant, preset }, names));
  const concerned = own.filter(isConcerned);
  const others =
    only === null
      ? []
      : ofEra.filter((scenario) => !isAsked(scenario) && takes(scenario, changed) && isConcerned(scenario)).map(scenarioId);
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
  const lackingOnes = all.filter((each) => lacking(each) > 0);
  const left = homeless(fitting);
  if (fitting.length > 0 && (left.length === 0 || lackingOnes.length === 0))
    return { placed: fitting, leftOut: lackingOnes, notModelled: left, hunks: bestHunks(fitting), others };
  // Where a function is for the machine and is not modelled, it says most of what to do.
  const [least] = [...(lackingOnes.length > 0 ? lackingOnes : all)].sort((a, b) => lacking(a) - lacking(b));
  const { unmodelled = [], hunks = [] } = least?.lowered ?? {};
  return { placed: least === undefined ? [] : [least], leftOut: [], notModelled: unmodelled, hunks, others };
}

function takes({ takesPatches }: Scenario, changed: readonly string[]): boolean {
  return takesPatches === undefined || (takesPatches !== false && takesPatches.some((name) => changed.includes(name)));
}

/** Changed functions that no scenario has: of those that lack least. */
function homeless(placed: readonly PlacedOnTree[]): Obstacle[] {
  const atHome = new Set(
    placed.flatMap(({ lowered, elsewhere }) => namesIn(lowered.functions, new Set(elsewhere.map(({ owner }) => owner)))),
  );
  const fewest = [...placed].sort((a, b) => a.elsewhere.length - b.elsewhere.length);
  const found = new Map<string, readonly Obstacle[]>();
  for (const { elsewhere } of fewest)
    for (const { owner = '' } of elsewhere)
      if (!atHome.has(owner) && !found.has(owner))
        found.set(
          owner,
          elsewhere.filter((each) => each.owner === owner),
        );
  return [...found.values()].flat();
}

function namesIn(functions: Placed['lowered']['functions'], elsewhere: ReadonlySet<string | undefined>): string[] {
  return functions.flatMap(({ name, unmodelled }) => (unmodelled.length > 0 || elsewhere.has(name) ? [] : [name]));
}

/** Of each hunk the report with least that is not modelled. */
function bestHunks(placed: readonly PlacedOnTree[]): HunkReport[] {
  const open = (report: HunkReport | undefined): number => report?.parts.filter(({ kind }) => kind === 'notModelled').length ?? Infinity;
  return (placed[0]?.lowered.hunks ?? []).map((first, index) =>
    placed.reduce((best, { lowered }) => {
      const other = lowered.hunks[index];
      return other !== undefined && open(other) < open(best) ? other : best;
    }, first),
  );
}

/** Whether any process comes to one of these procedures. New functions are called by changed ones, if at all. */
function runs(choice: Choice, names: ReadonlySet<string>): boolean {
  if (!mayReach(choice, names)) return false;
  const found = reachableProcedures(sketchSystem(choice));
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
  const choice = { scenario, variant, preset, constants: changed };
  const surroundings = describeSystem(choice);
  const first = await lowerUnits(read, surroundings);
  const absent = absentFrom(choice, read, first.after);
  const without = (functions: ReadTreePatch['after']) => functions.filter(({ source }) => !absent.has(source.name));
  const second =
    absent.size === 0 ? null : await lowerUnits({ ...read, before: without(read.before), after: without(read.after) }, surroundings);
  if (second !== null) {
    // What is about no function is the same either way; functions that are gone are told of by the first.
    const isAbsent = ({ owner }: Obstacle): boolean => owner !== undefined && absent.has(owner);
    const unmodelled = [
      ...first.after.unmodelled.filter(({ owner }) => owner === undefined),
      ...second.after.unmodelled.filter((each) => each.owner !== undefined && !isAbsent(each)),
    ];
    const after = { ...second.after, hunks: first.after.hunks, unmodelled };
    if (unmodelled.length === 0 && !reachesAny(choice, after.procedures, absent))
      return placedWith({ ...second, after }, choice, first.after.unmodelled.filter(isAbsent));
  }
  return placedWith(first, choice, []);
}

function placedWith(
  { before: old, lackingBefore, after }: LoweredTreePatch,
  { scenario, variant, constants: changed }: Choice & { readonly constants: ReadonlyMap<string, number> },
  elsewhere: readonly Obstacle[],
): PlacedOnTree {
  const lowered = { ...after, constants: new Map([...changed, ...after.constants]) };
  return { scenario, variant, lowered, before: lackingBefore.length > 0 ? null : { ...old, constants: changed }, lackingBefore, elsewhere };
}

/** Changed functions that are not modelled here, and to which nothing in the scenario comes. */
function absentFrom(choice: Choice, { after }: ReadTreePatch, { unmodelled, hunks }: LoweredTreePatch['after']): ReadonlySet<string> {
  const changed = new Set(after.flatMap(({ source }) => (source.changed ? [source.name] : [])));
  // Who has the text of a changed function, in the tree, and is the model's here.
  const held = new Set(hunks.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'notModelled' ? (part.owner ?? []) : []))));
  const owners = unmodelled.flatMap(({ owner }) => (owner !== undefined && (changed.has(owner) || held.has(owner)) ? [owner] : []));
  if (owners.length === 0) return new Set();
  const found = reachableProcedures(sketchSystem(choice));
  return new Set(owners.filter((name) => !found.has(name)));
}

/** Also what cannot be told, as a call of one of them does not fit. */
function reachesAny(choice: Choice, procedures: readonly Procedure[], names: ReadonlySet<string>): boolean {
  try {
    const found = reachableProcedures(describeSystem({ ...choice, replacing: new Map(procedures.map((each) => [each.name, each])) }));
    return [...names].some((name) => found.has(name));
  } catch {
    return true;
  }
}
