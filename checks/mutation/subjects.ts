/**
 * What mutants are tried on: each scenario with a variant that violates nothing, the built-in procedures if these do.
 *
 * In: scenarios. Out: their systems, what the unmutated ones execute, and every mutant of the kernel procedures.
 * Never: a variant's own procedures: those stand for code of another day.
 */
import {
  type CompiledSystem,
  compileSystem,
  type Procedure,
  type StatementCount,
  type SystemDescription,
  statementCounts,
} from '../../compiler/index.ts';
import { type ExploreResult, explore } from '../../explorer/index.ts';
import { type Scenario, type ScenarioVariant, scenarios } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { scenarioId } from '../select.ts';
import { type Mutant, mutantsOf } from './operators.ts';

/** Procedures of these files are mutated; not those that only bring about the first state, or stand for hardware. */
const kernelFile = /^model\/(?:tdp\/)?procedures\/(?!prologue|hardware)/;

export interface Subject {
  /** `3.3-B`; `2.12 v6.3` where it is not the variant that stands for the scenario. */
  readonly name: string;
  readonly description: SystemDescription;
  readonly system: CompiledSystem;
  readonly found: ExploreResult;
  /** By statement, the prologue included. */
  readonly counts: ReadonlyMap<string, StatementCount>;
  /** Ids of the statements that some path executes. */
  readonly executed: ReadonlySet<string>;
  /** By key: see `keyedMutants`. */
  readonly mutants: ReadonlyMap<string, Mutant>;
}

/**
 * All scenarios at small bounds, the one with the fewest states first. Throws if a variant that is to violate nothing
 * violates something: then no mutant of it would mean anything.
 */
export function mutationSubjects(wanted: readonly Scenario[] = scenarios): Subject[] {
  return wanted.flatMap(subjectsOf).sort((a, b) => a.found.counts.states - b.found.counts.states);
}

/** Variants that call procedures which the built-in ones of no scenario call. */
const otherVariants: ReadonlyMap<string, readonly string[]> = new Map([
  ['2.12', ['v6.3']],
  ['2.15 top', ['v6.8']],
  ['3.5 A', ['posted']],
  ['3.5 F', ['posted']],
]);

function subjectsOf(scenario: Scenario): Subject[] {
  const sound = scenario.variants.filter(({ violated }) => violated.length === 0);
  const variant = sound.find(({ replacing }) => replacing.length === 0) ?? sound.at(-1);
  if (variant === undefined) throw new Error(`${scenario.name} has no variant that violates nothing`);
  const id = scenarioId(scenario);
  const others = sound.filter(({ name }) => otherVariants.get(scenario.name)?.includes(name));
  return [subjectOf(id, scenario, variant), ...others.map((other) => subjectOf(`${id} ${other.name}`, scenario, other))];
}

function subjectOf(subjectName: string, scenario: Scenario, variant: ScenarioVariant): Subject {
  const description = describeSystem({ scenario, variant, preset: 'small' });
  const system = compileSystem(description);
  const found = explore(system);
  const wrong = found.outcomes.filter(({ kind, status }) => status === 'violated' || (kind === 'reachable' && status !== 'holds'));
  if (wrong.length > 0 || !found.exhausted)
    throw new Error(`${scenario.name} ${variant.name} is no sound base: ${wrong.map(({ id }) => id).join()}`);
  const counts = statementCounts(system.program, found.coverage);
  return {
    name: subjectName,
    description,
    system,
    found,
    counts,
    executed: new Set([...counts.values()].filter(({ executed }) => executed > 0).map(({ id }) => id)),
    mutants: keyedMutants(description),
  };
}

/**
 * Every mutant of the kernel procedures. The key is the same for all scenarios: place, operator, and which of that
 * place's; ids of statements are not, because constants of the bounds are part of them.
 */
export function keyedMutants(description: SystemDescription): Map<string, Mutant> {
  const keyed = new Map<string, Mutant>();
  for (const procedure of description.procedures.values()) {
    if (!kernelFile.test(procedure.pos.file)) continue;
    for (const mutant of mutantsOf(procedure)) {
      const { line, column } = mutant.position;
      const place = `${procedure.pos.file}:${line}:${column}:${mutant.operator}`;
      let nth = 1;
      while (keyed.has(`${place}:${nth}`)) nth++;
      keyed.set(`${place}:${nth}`, mutant);
    }
  }
  return keyed;
}

/** The system with this procedure in place of the one of its name. */
export function withProcedure(description: SystemDescription, procedure: Procedure): SystemDescription {
  return { ...description, procedures: new Map([...description.procedures, [procedure.name, procedure]]) };
}
