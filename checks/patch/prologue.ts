/**
 * Patches that go wrong before the search: in the procedures that bring a scenario's machine into its initial states.
 *
 * In: a run whose prologue ended early. Out: what it violated, as a run of the report. Never: a verdict where the prologue merely
 * came to no end, or to a bound of the model.
 */
import { PrologueError, type SystemDescription } from '../../compiler/index.ts';
import { boundsText } from '../boundsText.ts';
import { type Choice, describeSystem } from '../describeSystem.ts';
import type { PatchRun } from '../results.ts';
import { type FinishedRun, type RunOptions, runDescribed } from '../runSystem.ts';
import { scenarioId } from '../select.ts';
import type { Reference } from './reference.ts';

/** There is no state to search from. */
export interface PrologueTrouble {
  /** In the words of the back end. */
  readonly trouble: string;
  /** Id of the property or `fault:kind`; null: it blocked, or ran into a bound of the model. */
  readonly violates: string | null;
}

/** Runs it; a prologue that fails is an answer, as every function in it may be the patch's. */
export async function runOrTrouble(choice: Choice, options: RunOptions): Promise<FinishedRun | PrologueTrouble> {
  return runDescribedOrTrouble(choice, describeSystem(choice), options);
}

/** The same where it has been described: `description` is that of `choice`. */
export async function runDescribedOrTrouble(
  choice: Choice,
  description: SystemDescription,
  options: RunOptions,
): Promise<FinishedRun | PrologueTrouble> {
  try {
    return await runDescribed(choice, description, options);
  } catch (error) {
    if (!(error instanceof PrologueError)) throw error;
    return { trouble: error.message, violates: violatedIn(error.message) };
  }
}

function violatedIn(message: string): string | null {
  if (message.startsWith('bound:')) return null;
  const property = /^the prologue violates (.+)$/.exec(message)?.[1];
  const fault = /^(\w+):/.exec(message)?.[1];
  return property ?? (fault === undefined ? null : `fault:${fault}`);
}

/** There is no trace: nothing runs beside a prologue, so the message and the statement in it say all. */
export function endedInPrologue(
  { scenario, variant, preset }: Choice,
  { trouble, violates }: PrologueTrouble,
  { variant: reference, properties, known }: Reference,
): PatchRun {
  const before = properties.find(({ id }) => id === violates)?.verdict ?? null;
  const also = before === 'violated';
  const violated = violates === null ? [] : [{ id: violates, name: 'before the scenario begins', steps: 0, message: trouble }];
  return {
    scenario: scenarioId(scenario),
    surroundings: variant.name,
    reference,
    bounds: boundsText(scenario.presets[preset].bounds),
    verdict: violates === null || also ? 'incomplete' : 'violated',
    violated: also ? [] : violated,
    alsoWithoutThePatch: also ? violated.map(({ id }) => id) : [],
    mended: [],
    properties: violated.map(({ id, name }) => ({
      id,
      name,
      before: known ? before : null,
      after: 'violated',
      change: also ? 'stays violated' : 'breaks',
    })),
    partings: [],
    costs: [],
    states: 0,
    depth: 0,
    milliseconds: 0,
    cuts: [`its prologue ended early: ${trouble}`],
    unmet: [],
  };
}
