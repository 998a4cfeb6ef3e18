/**
 * For tests: a reference interleaving, as the search finds it and as the model takes it when it is led along.
 *
 * In: names of a scenario and a variant, what is to be violated, legs. Out: traces. Never: bounds other than small ones.
 */
import { compileSystem, type LockState, type MachineState } from '../../compiler/index.ts';
import type { Trace } from '../../counterexamples/index.ts';
import { goalOfId } from '../../explorer/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { runSystem, traceOf, traceOfPath } from '../runSystem.ts';
import { findScenario, findVariant } from '../select.ts';
import { drive, type Leg } from './drive.ts';

export function smallChoice(scenarioName: string, variantName: string) {
  const scenario = findScenario(scenarioName);
  return { scenario, variant: findVariant(scenario, variantName), preset: 'small' as const };
}

/** A shortest trace of the search. Throws if nothing violates the property. */
export async function foundTrace(scenario: string, variant: string, property: string): Promise<Trace> {
  const trace = traceOf(await runSystem(smallChoice(scenario, variant)), property);
  if (trace === null) throw new Error(`${property} is not violated`);
  return trace;
}

/** The trace along the legs. Throws with the leg that has no end. */
export function drivenTrace(scenario: string, variant: string, goalId: string, legs: readonly Leg[]): Trace {
  const choice = smallChoice(scenario, variant);
  const system = compileSystem(describeSystem(choice));
  const goal = goalOfId(system, goalId);
  if (goal === null) throw new Error(`no ${goalId}`);
  return traceOfPath({ choice, system, fingerprint: '' }, drive(system, legs), goal, false);
}

/** The value of a field in row `k`. */
export const cell = (state: MachineState, table: string, field: string, k = 0) => state.tables[table]?.[field]?.[k];

export const mmuLock = (state: MachineState): LockState => cell(state, 'vm', 'mmu_lock') as LockState;
