/**
 * The machine of a scenario with its constants: that of the engine which it is about.
 *
 * In: a scenario, the name of a preset. Out: what the compiler takes. Never: a third engine.
 */
import type { Constant } from './machine/constants.ts';
import { constantsOf, machineOf } from './machine/index.ts';
import { rowNumbersOf } from './machine/rowNumbers.ts';
import type { Preset, PresetName, Scenario } from './scenario.ts';
import { tdpConstantsOf, tdpMachineOf } from './tdp/machine/index.ts';

export interface ScaledMachine {
  readonly machine: ReturnType<typeof machineOf>;
  readonly constants: ReadonlyMap<string, Constant>;
  readonly rowNumbers: ReturnType<typeof rowNumbersOf>;
}

export function machineOfScenario(scenario: Scenario, preset: PresetName): ScaledMachine {
  return machineOfEngine(scenario, scenario.presets[preset]);
}
/** The same with bounds that no preset has. */
export function machineOfEngine(
  { engine }: Pick<Scenario, 'engine'>,
  { bounds, options }: Pick<Preset, 'bounds' | 'options'>,
): ScaledMachine {
  return engine === 'tdp'
    ? { machine: tdpMachineOf(bounds), constants: tdpConstantsOf(bounds, options), rowNumbers: [] }
    : { machine: machineOf(bounds), constants: constantsOf(bounds, options), rowNumbers: rowNumbersOf(bounds) };
}
