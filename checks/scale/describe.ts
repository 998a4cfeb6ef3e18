/**
 * The procedures of a scenario's variant on a machine of any size.
 *
 * In: scenario, variant, bounds. Out: machine and procedures. Never: recorders and properties, which watch; a process.
 */
import type { FieldDescription, MachineDescription, ProcedureTable } from '../../compiler/index.ts';
import { assertValid, parseSubsetOrThrow } from '../../compiler/index.ts';
import { type Bounds, type ModelOptions, machineOfEngine, scenarioNamed } from '../../model/index.ts';
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
  const scaled = machineOfEngine(scenario, { bounds, options });
  const machine = withNarrowMasks(scaled.machine);
  // What guests may choose among can be more than a u32 holds; nobody chooses here.
  const constants = new Map(
    [...scaled.constants].map(([name, { type, value }]) => [
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

/** A mask with a bit per gfn holds 32 of them at most: gfns that are equal modulo 32 share a bit. No run reads one. */
function withNarrowMasks({ tables }: MachineDescription): MachineDescription {
  const narrow = (field: FieldDescription): FieldDescription => {
    const { type } = field;
    if (type.kind !== 'int' || type.overflow !== 'wrap' || type.max <= 0xffff_ffff) return field;
    return { ...field, type: { ...type, max: 0xffff_ffff } };
  };
  return { tables: tables.map((table) => ({ ...table, fields: table.fields.map(narrow) })) };
}
