/**
 * The model as kernel functions may be put into it: each kind of machine once, with the procedures of one of its scenarios.
 *
 * In: the scenarios. Out: surroundings, by name. Never: a variant; the model as it stands is what a tree is held against.
 */
import type { ProcedureTable } from '../../compiler/index.ts';
import { machineOfScenario, type Scenario, type ScenarioVariant, scenarios } from '../../model/index.ts';
import type { TreeSurroundings } from '../../patches/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { scenarioId } from '../select.ts';

export interface EngineSurroundings extends TreeSurroundings {
  readonly engine: 'shadow' | 'tdp';
  /** The scenario that they are taken from. */
  readonly scenario: string;
  /** The model's procedures, whole. */
  readonly own: ProcedureTable;
}

/** Machines differ in tables, fields and constants; of scenarios with the same one that which is made of most files is taken. */
export function engineSurroundings(): readonly EngineSurroundings[] {
  const kinds = new Map<string, { scenario: Scenario; variant: ScenarioVariant }>();
  for (const scenario of scenarios) {
    const variant = scenario.variants.find(({ replacing }) => replacing.length === 0);
    if (variant === undefined) continue;
    const { machine, constants } = machineOfScenario(scenario, 'small');
    const fields = machine.tables.map(({ name, fields }) => [name, fields.filter(({ ghost }) => !ghost).map(({ path }) => path)]);
    const key = JSON.stringify([scenario.engine ?? 'shadow', fields, [...constants.keys()]]);
    const known = kinds.get(key);
    if (known === undefined || known.scenario.files.length < scenario.files.length) kinds.set(key, { scenario, variant });
  }
  return [...kinds.values()].map(({ scenario, variant }) => {
    const { machine, constants, procedures } = describeSystem({ scenario, variant, preset: 'small' });
    return { engine: scenario.engine ?? 'shadow', scenario: scenarioId(scenario), own: procedures, machine, constants, procedures };
  });
}
