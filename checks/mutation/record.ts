/**
 * What the last run of all mutants found (`checks/mutation/survivors.json`).
 *
 * In: verdicts. Out: counts, and every mutant that was not killed, with the reason. Never: the reason of a mutant that
 * is not equivalent made up here: a person gives it, and until then it is a gap.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { match } from 'ts-pattern';
import { z } from 'zod';
import { packageRoot } from '../../compiler/packageRoot.ts';
import { type MutantOutcome, type MutantRun, type MutantVerdict, outcomeOf } from './judgeMutant.ts';
import { mutationOperators } from './operators.ts';

const natural = z.int().min(0);
const relations = z.enum(['equal', 'fewer', 'more', 'different', 'notCompared']);
const countsSchema = z.strictObject({
  killed: natural,
  /** Equal state graphs in every scenario that executes it. */
  equivalent: natural,
  survived: natural,
  /** Not killed, and cut by a limit, or by a bound of the model, in some scenario. */
  incomplete: natural,
  /** No scenario executes the statement at these bounds. */
  notExecuted: natural,
});
export type MutantCounts = z.infer<typeof countsSchema>;

const survivorSchema = z.strictObject({
  id: z.string(),
  operator: z.enum(mutationOperators),
  procedure: z.string(),
  file: z.string(),
  /** The statement as the model spells it. */
  text: z.string(),
  detail: z.string(),
  outcome: z.enum(['equivalent', 'survived', 'incomplete', 'notExecuted']),
  /** Scenario to how its state graph is related to the unmutated one, or why there is none. */
  scenarios: z.record(z.string(), z.string()),
  /** Starts with `gap` where nobody has said why it may survive, or where somebody has said what is missing. */
  reason: z.string(),
});
export type Survivor = z.infer<typeof survivorSchema>;

export const mutationRecordSchema = z.strictObject({
  preset: z.literal('small'),
  counts: countsSchema,
  byOperator: z.record(z.string(), countsSchema),
  /** Property or fault to the number of mutants that it noticed in the scenario in which they were killed. */
  killedBy: z.record(z.string(), natural),
  survivors: z.array(survivorSchema),
});
export type MutationRecord = z.infer<typeof mutationRecordSchema>;

/** A mutant with what became of it. */
export interface JudgedMutant extends MutantVerdict {
  readonly id: string;
  readonly operator: Survivor['operator'];
  readonly procedure: string;
  readonly file: string;
  readonly text: string;
  readonly detail: string;
}

/** Ids are of statements; procedures of both engines may have the same name and text. */
export function nameOf({ file, id }: Pick<Survivor, 'file' | 'id'>): string {
  return `${file} ${id}`;
}

const gap = 'gap';
/** Of a scenario that was not run, because one mutant may not cost more. */
export const leftOut = 'left out';
export function isGap({ outcome, reason }: Survivor): boolean {
  return outcome !== 'equivalent' && reason.startsWith(gap);
}
const file = () => join(packageRoot(), 'checks', 'mutation', 'survivors.json');

export function readMutationRecord(): MutationRecord {
  return mutationRecordSchema.parse(JSON.parse(readFileSync(file(), 'utf8')));
}
export function writeMutationRecord(record: MutationRecord): void {
  writeFileSync(file(), `${JSON.stringify(record, null, 2)}\n`);
}

/** Reasons that somebody gave before are kept, by the mutant's id. */
export function recordOf(judged: readonly JudgedMutant[], before: MutationRecord | null): MutationRecord {
  const reasons = new Map(before?.survivors.map((survivor) => [nameOf(survivor), survivor.reason]));
  return {
    preset: 'small',
    counts: countsOf(judged),
    byOperator: Object.fromEntries(mutationOperators.map((each) => [each, countsOf(judged.filter(({ operator }) => operator === each))])),
    killedBy: killers(judged),
    survivors: judged.flatMap((mutant) => survivorOf(mutant, reasons.get(nameOf(mutant))) ?? []),
  };
}

/**
 * The record after some of its survivors were judged again; what was killed before is taken to be killed still. `some`: on some scenarios
 * only, so that what the record says of the others stands.
 */
export function recordAgain(before: MutationRecord, all: readonly JudgedMutant[], some = false): MutationRecord {
  const known = new Map(before.survivors.map((survivor) => [nameOf(survivor), survivor]));
  const judged = some ? all.map((mutant) => together(mutant, known.get(nameOf(mutant)))) : all;
  const now = new Map(judged.map((mutant) => [nameOf(mutant), mutant]));
  const counts = structuredClone(before.counts);
  const byOperator = structuredClone(before.byOperator);
  for (const survivor of before.survivors) {
    const { outcome, operator } = survivor;
    const again = now.get(nameOf(survivor));
    for (const each of [counts, byOperator[operator]]) {
      if (again === undefined || each === undefined) continue;
      each[outcome]--;
      each[again.outcome]++;
    }
  }
  const killedBy = new Map(Object.entries(before.killedBy));
  for (const [id, number] of Object.entries(killers(judged))) killedBy.set(id, (killedBy.get(id) ?? 0) + number);
  return {
    ...before,
    counts,
    byOperator,
    killedBy: sorted(killedBy),
    survivors: before.survivors.flatMap((survivor) => {
      const again = now.get(nameOf(survivor));
      return again === undefined ? [survivor] : (survivorOf(again, survivor.reason) ?? []);
    }),
  };
}

/** The record with mutants that it has none of: those of an operator that is new. */
export function recordWith(before: MutationRecord, judged: readonly JudgedMutant[]): MutationRecord {
  const added = recordOf(judged, null);
  const fresh = new Set(judged.map(({ operator }) => operator));
  const sum = (a: MutantCounts, b: MutantCounts): MutantCounts => ({
    killed: a.killed + b.killed,
    equivalent: a.equivalent + b.equivalent,
    survived: a.survived + b.survived,
    incomplete: a.incomplete + b.incomplete,
    notExecuted: a.notExecuted + b.notExecuted,
  });
  const killedBy = new Map(Object.entries(before.killedBy));
  for (const [id, number] of Object.entries(added.killedBy)) killedBy.set(id, (killedBy.get(id) ?? 0) + number);
  return {
    ...before,
    counts: sum(before.counts, added.counts),
    byOperator: {
      ...before.byOperator,
      ...Object.fromEntries(Object.entries(added.byOperator).filter(([operator]) => [...fresh].some((each) => each === operator))),
    },
    killedBy: sorted(killedBy),
    survivors: [...before.survivors, ...added.survivors],
  };
}

/** What a mutant comes to after these runs and those of the record. */
function together(mutant: JudgedMutant, survivor: Survivor | undefined): JudgedMutant {
  if (survivor === undefined || mutant.outcome === 'killed') return mutant;
  const again = new Set(mutant.runs.map(({ scenario }) => scenario));
  const earlier = Object.entries(survivor.scenarios).filter(([scenario]) => !again.has(scenario));
  const runs = [...earlier.map(([scenario, what]) => runOf(scenario, what)), ...mutant.runs];
  return { ...mutant, runs, outcome: outcomeOf(runs) };
}
function runOf(scenario: string, what: string): MutantRun {
  if (what === leftOut) return { outcome: 'leftOut', scenario };
  const why = /^incomplete: (.*)$/s.exec(what)?.[1];
  if (why !== undefined) return { outcome: 'incomplete', scenario, why };
  return { outcome: 'survived', scenario, relation: relations.parse(what) };
}

function survivorOf({ runs, outcome, ...about }: JudgedMutant, known: string | undefined): Survivor | null {
  if (outcome === 'killed') return null;
  const scenarios = Object.fromEntries(
    runs.map((run) => [
      run.scenario,
      match(run)
        .with({ outcome: 'survived' }, ({ relation }) => relation)
        .with({ outcome: 'incomplete' }, ({ why }) => `incomplete: ${why}`)
        .with({ outcome: 'leftOut' }, () => leftOut)
        .with({ outcome: 'killed' }, () => '')
        .exhaustive(),
    ]),
  );
  const { id, operator, procedure, file, text, detail } = about;
  return { id, operator, procedure, file, text, detail, outcome, scenarios, reason: reasonOf(outcome, known) };
}

const shown = 'equal state graphs in all scenarios that execute it';
function reasonOf(outcome: MutantOutcome, known: string | undefined): string {
  if (outcome === 'equivalent') return shown;
  return known === undefined || known === shown ? gap : known;
}

function countsOf(judged: readonly JudgedMutant[]): MutantCounts {
  const count = (outcome: MutantOutcome): number => judged.filter((mutant) => mutant.outcome === outcome).length;
  return {
    killed: count('killed'),
    equivalent: count('equivalent'),
    survived: count('survived'),
    incomplete: count('incomplete'),
    notExecuted: count('notExecuted'),
  };
}

function killers(judged: readonly JudgedMutant[]): Record<string, number> {
  const numbers = new Map<string, number>();
  for (const run of judged.flatMap(({ runs }) => runs)) {
    if (run.outcome === 'killed') for (const id of run.by) numbers.set(id, (numbers.get(id) ?? 0) + 1);
  }
  return sorted(numbers);
}

function sorted(numbers: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...numbers].sort(([a], [b]) => (a < b ? -1 : 1)));
}
