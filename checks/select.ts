/**
 * Names that a user typed, as parts of the model.
 *
 * In: words. Out: scenarios, variants, properties. Never: a silent guess; unknown names are refused with what there is.
 */
import { type PresetName, type Scenario, type ScenarioVariant, scenarios } from '../model/index.ts';
import { properties } from '../properties/index.ts';
import { unknownName, WrongUse } from './errors.ts';

/** A scenario's name as one word: `3.3-B`. */
export function scenarioId(scenario: Scenario): string {
  return scenario.name.replaceAll(' ', '-');
}

/** `3.3-B`, `3.3 B` and `3.3b` are the same. */
function key(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

export function findScenario(name: string): Scenario {
  const found = scenarios.find((scenario) => key(scenario.name) === key(name));
  if (found === undefined) throw unknownName('scenario', name, scenarios.map(scenarioId));
  return found;
}

/** Ids of scenarios in the model's spelling, each once. */
export function scenarioIds(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => scenarioId(findScenario(name))))];
}

export function findVariant(scenario: Scenario, name: string): ScenarioVariant {
  const found = scenario.variants.find((variant) => key(variant.name) === key(name));
  if (found === undefined) {
    throw unknownName(
      `variant of ${scenarioId(scenario)}`,
      name,
      scenario.variants.map((variant) => variant.name),
    );
  }
  return found;
}

/** Ids in the model's spelling. */
export function findProperty(name: string): string {
  const found = properties.find((property) => key(property.id) === key(name) || key(property.name) === key(name));
  if (found === undefined) {
    throw unknownName(
      'property',
      name,
      properties.map((property) => property.id),
    );
  }
  return found.id;
}

export interface Selection {
  /** Empty: all of them; likewise below. */
  readonly scenarios: readonly string[];
  readonly variants: readonly string[];
  readonly properties: readonly string[];
}
export interface Selected {
  readonly scenario: Scenario;
  readonly variant: ScenarioVariant;
}

/** Pairs in the model's order. Throws WrongUse for unknown names, and if nothing is left. */
export function selectRuns(selection: Selection): Selected[] {
  const chosen = selection.scenarios.length === 0 ? scenarios : selection.scenarios.map(findScenario);
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.variants.map((variant) => variant.name)))];
  const wanted = selection.variants.map((name) => {
    const found = known.find((each) => key(each) === key(name));
    if (found === undefined) throw unknownName('variant', name, known);
    return found;
  });
  const ids = selection.properties.map(findProperty);
  const runs = [...new Set(chosen)].flatMap((scenario) =>
    scenario.variants
      .filter((variant) => wanted.length === 0 || wanted.includes(variant.name))
      .map((variant) => ({ scenario, variant }))
      .filter((run) => ids.length === 0 || ids.some((id) => run.scenario.properties.includes(id))),
  );
  if (runs.length === 0) throw new WrongUse('no scenario has all that was asked for');
  return runs;
}

export const presetNames: readonly PresetName[] = ['small', 'medium', 'large'];
