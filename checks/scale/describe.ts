/**
 * The procedures of a scenario's variant on a machine of any size.
 *
 * In: scenario, variant, bounds. Out: machine and procedures. Never: recorders and properties, which watch; a process.
 */
import type { MachineDescription, ProcedureTable } from '../../compiler/index.ts';
import { assertValid, parseSubsetOrThrow } from '../../compiler/index.ts';
import { type Bounds, constantsOf, type ModelOptions, machineOf, scenarioNamed } from '../../model/index.ts';
import { sourceFile } from '../sources.ts';

export interface ScaleModel {
  readonly machine: MachineDescription;
  readonly procedures: ProcedureTable;
}

/** Throws Error for a name that the model does not have. */
export function modelAtScale(scenarioName: string, variantName: string, bounds: Bounds, options: ModelOptions): ScaleModel {
  const scenario = scenarioNamed(scenarioName);
  const variant = scenario?.variants.find(({ name }) => name === variantName);
  if (scenario === undefined || variant === undefined) throw new Error(`no scenario ${scenarioName} with a variant ${variantName}`);
  const machine = machineOf(bounds);
  // What guests may choose among can be more than a u32 holds; nobody chooses here.
  const constants = new Map(
    [...constantsOf(bounds, options)].map(([name, { type, value }]) => [
      name,
      { type, value: type.kind === 'int' ? Math.min(value, type.max) : value },
    ]),
  );
  const procedures = parseSubsetOrThrow(
    [
      ...scenario.files.filter((file) => !file.includes('/interesting')).map((file) => sourceFile(file)),
      ...variant.replacing.map((file) => sourceFile(file, 'replacing')),
    ],
    { machine, constants },
  );
  assertValid(procedures, machine, constants);
  return { machine, procedures };
}
