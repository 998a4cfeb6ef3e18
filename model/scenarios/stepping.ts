/**
 * Any scenario with stepping walkers: to hold the ghosts of what hardware may have cached against walks that happen.
 */
import type { SteppingBounds } from '../machine/vcpus.ts';
import type { Preset, PresetName, Scenario, ScenarioProcess } from '../scenario.ts';

const walkerFile = 'model/hardware/steppingWalker.ts';

function withWalkers(preset: Preset): Preset {
  const { bounds, processes } = preset;
  const walkers = Array.from(
    { length: bounds.vcpus },
    (_, i): ScenarioProcess => ({
      name: `walker${i}`,
      title: `walker of vCPU ${i}`,
      procedure: 'hardware_walker',
      args: [i + 1],
      kind: 'daemon',
    }),
  );
  const stepping: SteppingBounds = { ...bounds, steppingWalker: true };
  return { ...preset, bounds: stepping, processes: [...processes, ...walkers] };
}

/** The same scenario and its variants, with one process more a vCPU. */
export function withSteppingWalkers(scenario: Scenario): Scenario {
  const names: readonly PresetName[] = ['small', 'medium', 'large'];
  const presets = Object.fromEntries(names.map((name) => [name, withWalkers(scenario.presets[name])])) as Scenario['presets'];
  const variants = scenario.variants.map((variant) => ({ ...variant, replacing: [...variant.replacing, walkerFile] }));
  return { ...scenario, presets, variants };
}
