/**
 * One mutant against the scenarios that execute what it changes.
 *
 * In: a mutant by its key, subjects. Out: who noticed it first, or how its state graphs differ. Never: a mutant called
 * equivalent because nobody noticed it: that is shown by equal state graphs.
 */
import { type CompiledSystem, compileSystem, PrologueError } from '../../compiler/index.ts';
import { type ExploreResult, explore, type Limits } from '../../explorer/index.ts';
import { scenariosFor } from './choose.ts';
import type { Mutant } from './operators.ts';
import { type Relation, relationOf, type StateGraphView, viewGraph } from './stateGraph.ts';
import { type Subject, withProcedure } from './subjects.ts';

/**
 * In one scenario. `relation`: of the mutant's state graph to the unmutated one, where nothing was noticed; not compared
 * once another scenario has shown that the mutant is not equivalent.
 */
export type MutantRun =
  | { readonly outcome: 'killed'; readonly scenario: string; readonly by: readonly string[] }
  | { readonly outcome: 'survived'; readonly scenario: string; readonly relation: Relation | 'notCompared' }
  | { readonly outcome: 'incomplete'; readonly scenario: string; readonly why: string }
  /** Not run, because the scenarios before it had used up what one mutant may cost. */
  | { readonly outcome: 'leftOut'; readonly scenario: string };

export type MutantOutcome = 'killed' | 'equivalent' | 'survived' | 'incomplete' | 'notExecuted';

/** `runs`: up to the scenario that noticed it, the cheapest first. */
export interface MutantVerdict {
  readonly outcome: MutantOutcome;
  readonly runs: readonly MutantRun[];
}

/** A search of a mutant may be this many times as large as the unmutated one, and then some. */
const growth = 3;
const extraStates = 20_000;

/** `statesMax`: what one mutant may cost, see `scenariosFor`. */
export function judgeMutant(key: string, subjects: readonly Subject[], statesMax: number = Number.POSITIVE_INFINITY): MutantVerdict {
  const { run: chosen, same, leftOut } = scenariosFor(key, subjects, statesMax);
  const runs: MutantRun[] = same.map(({ subject }) => ({ outcome: 'survived', scenario: subject.name, relation: 'equal' }));
  for (const { subject, mutant } of chosen) {
    const compared = runs.every((each) => each.outcome === 'survived' && each.relation !== 'different');
    const run = runMutant(mutant, subject, compared);
    runs.push(run);
    if (run.outcome === 'killed') return { outcome: 'killed', runs };
  }
  runs.push(...leftOut.map(({ subject }): MutantRun => ({ outcome: 'leftOut', scenario: subject.name })));
  return { outcome: outcomeOf(runs), runs };
}

export function outcomeOf(runs: readonly MutantRun[]): MutantOutcome {
  if (runs.length === 0) return 'notExecuted';
  if (runs.some(({ outcome }) => outcome === 'incomplete')) return 'incomplete';
  return runs.every((run) => run.outcome === 'survived' && run.relation === 'equal') ? 'equivalent' : 'survived';
}

/** Compiles and searches; throws only what is a bug of ours. */
function runMutant(mutant: Mutant, subject: Subject, compared: boolean): MutantRun {
  const { name: scenario, description, found } = subject;
  const limits: Limits = { states: growth * found.counts.states + extraStates, memoryBytes: 2 ** 30, timeMs: 60_000 };
  let system: CompiledSystem;
  let mutated: ExploreResult;
  try {
    system = compileSystem(withProcedure(description, mutant.procedure));
    mutated = explore(system, { limits, stopAtViolation: true });
  } catch (error) {
    if (error instanceof PrologueError) return fromPrologue(scenario, error);
    throw error;
  }
  const by = noticedBy(mutated);
  if (by.length > 0) return { outcome: 'killed', scenario, by };
  if (!mutated.exhausted) return { outcome: 'incomplete', scenario, why: mutated.cuts.map(({ message }) => message).join('; ') };
  if (!compared) return { outcome: 'survived', scenario, relation: 'notCompared' };
  return { outcome: 'survived', scenario, relation: relationOf(viewOf(subject), viewGraph(system, mutated)) };
}

/** Ids of what is violated; `unmet:` and the state's name where a state that makes the scenario was not reached. */
function noticedBy(found: ExploreResult): string[] {
  return found.outcomes.flatMap(({ id, kind, status }) => {
    if (kind === 'reachable') return status === 'vacuous' ? [`unmet:${id}`] : [];
    return status === 'violated' ? [id] : [];
  });
}

/** What the prologue itself violates is found, too; that it needs more room than the model has is not. */
function fromPrologue(scenario: string, { message }: PrologueError): MutantRun {
  if (message.startsWith('bound:')) return { outcome: 'incomplete', scenario, why: `prologue: ${message}` };
  const property = /^the prologue violates (.+)$/.exec(message)?.[1];
  const fault = /^(\w+):/.exec(message)?.[1];
  return { outcome: 'killed', scenario, by: [property ?? (fault === undefined ? 'prologue' : `fault:${fault}`)] };
}

const views = new WeakMap<Subject, StateGraphView>();
function viewOf(subject: Subject): StateGraphView {
  const known = views.get(subject) ?? viewGraph(subject.system, subject.found);
  views.set(subject, known);
  return known;
}
