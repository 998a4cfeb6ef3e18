/**
 * The model: the machine, kernel procedures, their variants, and scenarios.
 *
 * In: bounds. Out: descriptions and paths (relative to the package) of the files that hold procedures, whose
 * text the compiler reads. Never: a search word; running a procedure.
 */
export {
  type Bounds,
  constantsOf,
  listNumbers,
  type ModelOptions,
  machineOf,
  requestFlags,
  requestNumbers,
  tablesOf,
} from './machine/index.ts';
export { machineOfEngine, machineOfScenario } from './machineOfScenario.ts';
export {
  type Engine,
  type InterestingState,
  type Preset,
  type PresetName,
  procedureFiles,
  type Scenario,
  type ScenarioProcess,
  type ScenarioVariant,
} from './scenario.ts';
export { scenarioNamed, scenarios } from './scenarios/index.ts';
export { type Seed, type SeedForm, seedForms, seeds } from './seeds.ts';
export { tdpConstantsOf } from './tdp/machine/index.ts';
