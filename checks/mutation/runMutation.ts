/**
 * Every operator on every statement of the kernel's procedures: what does nobody notice?
 *
 * In: which scenarios. Out: what became of each mutant; survivors with a reason, or as gaps. Never: a mutant of a
 * recorder or a predicate; of a scenario's own prologue.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../compiler/packageRoot.ts';
import { type Scenario, scenarios } from '../../model/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { type Choice, describeSystem } from '../describeSystem.ts';
import { type FinishedRun, runSystem } from '../runSystem.ts';
import { scenarioId } from '../select.ts';
import { type Mutant, mutantsOf } from './operators.ts';
import { type MutantOutcome, tryMutant } from './tryMutant.ts';

export interface MutantResult {
  readonly id: string;
  readonly procedure: string;
  readonly file: string;
  readonly line: number;
  readonly detail: string;
  readonly outcome: 'killed' | 'noticed' | 'equivalent' | 'explained' | 'gap';
  /** Who killed it and where, how it was noticed, or the reason. */
  readonly why: string;
}
export interface MutationRequest {
  /** Ids; all of them if empty. */
  readonly scenarios: readonly string[];
  /** Only these procedures; all of them if empty. */
  readonly procedures: readonly string[];
  readonly onResult: (result: MutantResult) => void;
  readonly signal?: AbortSignal;
}

/** Survivors that were looked at, with what was found, by mutant id. */
export function readReasons(): Record<string, string> {
  const text = readFileSync(join(packageRoot(), 'checks', 'mutation', 'survivors.json'), 'utf8');
  return z.record(z.string(), z.string().min(10)).parse(JSON.parse(text));
}

/** Mutants of the model as it stands, each tried in the scenarios that run its procedure until one kills it. */
export async function runMutation(request: MutationRequest): Promise<MutantResult[]> {
  const reasons = readReasons();
  const standing = await Promise.all(
    scenarios.filter((scenario) => request.scenarios.length === 0 || request.scenarios.includes(scenarioId(scenario))).map(referenceRun),
  );
  // Small ones first: most mutants die there.
  const references = standing.flatMap((each) => each ?? []).sort((a, b) => a.run.found.counts.states - b.run.found.counts.states);
  const mutants = new Map(
    references.flatMap(({ run, reached }) =>
      [...run.description.procedures.values()]
        .filter(({ name, pos }) => reached.has(name) && pos.file.startsWith('model/procedures/'))
        .filter(({ name }) => request.procedures.length === 0 || request.procedures.includes(name))
        .flatMap((procedure) => mutantsOf(procedure))
        .map((mutant) => [mutant.id, mutant] as const),
    ),
  );
  const results: MutantResult[] = [];
  for (const mutant of mutants.values()) {
    if (request.signal?.aborted === true) break;
    const result = await resultOf(mutant, references, reasons);
    request.onResult(result);
    results.push(result);
  }
  return results;
}

interface Reference {
  readonly choice: Choice;
  readonly run: FinishedRun;
  readonly reached: ReadonlySet<string>;
}

/** The variant that replaces nothing; null for a scenario that has none. */
async function referenceRun(scenario: Scenario): Promise<Reference | null> {
  const variant = scenario.variants.find(({ replacing }) => replacing.length === 0);
  if (variant === undefined) return null;
  const choice: Choice = { scenario, variant, preset: 'small' };
  return { choice, run: await runSystem(choice), reached: reachableProcedures(describeSystem(choice)) };
}

async function resultOf(
  mutant: Mutant,
  references: readonly Reference[],
  reasons: Readonly<Record<string, string>>,
): Promise<MutantResult> {
  const made = (outcome: MutantResult['outcome'], why: string): MutantResult => ({
    id: mutant.id,
    procedure: mutant.procedure.name,
    file: mutant.position.file,
    line: mutant.position.line,
    detail: mutant.detail,
    outcome,
    why,
  });
  const outcomes: MutantOutcome[] = [];
  let noticed: string | null = null;
  for (const { choice, run, reached } of references) {
    if (!reached.has(mutant.procedure.name)) continue;
    const outcome = await tryMutant(choice, mutant, run);
    if (outcome.kind === 'killed') return made('killed', `${outcome.by.join(', ')} in ${scenarioId(choice.scenario)}`);
    if (outcome.kind === 'noticed') noticed ??= `${outcome.how} in ${scenarioId(choice.scenario)}`;
    outcomes.push(outcome);
  }
  if (noticed !== null) return made('noticed', noticed);
  if (outcomes.every(({ kind }) => kind === 'equivalent')) return made('equivalent', 'the same states and steps in every scenario');
  const reason = reasons[mutant.id];
  return reason === undefined ? made('gap', 'nobody notices') : made('explained', reason);
}
