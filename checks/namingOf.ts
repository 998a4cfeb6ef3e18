/** How the objects of a scenario's engine are spelled. */
import type { Naming } from '../counterexamples/index.ts';
import type { PresetName, Scenario } from '../model/index.ts';
import { naming } from './naming.ts';
import { tdpNaming } from './tdpNaming.ts';

export function namingOf(scenario: Scenario, preset: PresetName): Naming {
  const { bounds } = scenario.presets[preset];
  return scenario.engine === 'tdp' ? tdpNaming(bounds) : naming(bounds);
}
