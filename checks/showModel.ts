/**
 * The procedures of a run as TypeScript: what is really checked, whatever text or patch it came from.
 *
 * In: a choice. Out: printed procedures, those that the run's processes can reach first in order of the table.
 * Never: text of the model's files; this is printed from the IR.
 */

import { printProcedure } from '../compiler/index.ts';
import type { PresetName } from '../model/index.ts';
import { reachableProcedures } from './callGraph.ts';
import { describeSystem } from './describeSystem.ts';
import { unknownName } from './errors.ts';
import type { ModelReport } from './results.ts';
import { findScenario, findVariant, scenarioId } from './select.ts';

export interface ModelRequest {
  readonly scenario: string;
  readonly variant: string;
  readonly preset: PresetName;
  /** Only these; all that are reachable if empty. */
  readonly procedures: readonly string[];
}

/** Throws WrongUse for unknown names. */
export function showModel(request: ModelRequest): ModelReport {
  const scenario = findScenario(request.scenario);
  const variant = findVariant(scenario, request.variant);
  const description = describeSystem({ scenario, variant, preset: request.preset });
  const unknown = request.procedures.find((name) => !description.procedures.has(name));
  if (unknown !== undefined) throw unknownName('procedure', unknown, [...description.procedures.keys()]);
  const shown = request.procedures.length > 0 ? new Set(request.procedures) : reachableProcedures(description);
  return {
    scenario: scenarioId(scenario),
    variant: variant.name,
    preset: request.preset,
    procedures: [...description.procedures.values()]
      .filter(({ name }) => shown.has(name))
      .map((procedure) => ({
        name: procedure.name,
        file: procedure.pos.file,
        line: procedure.pos.line,
        text: printProcedure(procedure, { machine: description.machine, constants: description.constants }),
      })),
  };
}
