/**
 * One row for each proposal: what its base, its posted, its merged and its repaired form violate, and where.
 *
 * In: finished runs of whole scenarios. Out: rows. Never: a row of which a part was not run.
 */
import { type Scenario, type ScenarioVariant, scenarios, seedForms, seeds } from '../model/index.ts';
import type { PropertyResult, RunResult, SeedForm, SeedRow } from './results.ts';
import { scenarioId } from './select.ts';

/** What a row needs to know of a run. */
export type SeedRun = Pick<RunResult, 'scenario' | 'variant' | 'verdict' | 'asExpected'> & {
  readonly properties: readonly Pick<PropertyResult, 'id' | 'verdict'>[];
};

interface Tagged {
  readonly scenario: Scenario;
  readonly variant: ScenarioVariant;
}

/** Rows of those proposals of which every variant that is one of their forms was run. */
export function seedRows(runs: readonly SeedRun[]): SeedRow[] {
  const done = new Map(runs.map((run) => [`${run.scenario} ${run.variant}`, run]));
  return seeds.flatMap(({ year, title, notModelled }) => {
    const tagged = scenarios
      .filter(({ era }) => era === year)
      .flatMap((scenario) => scenario.variants.filter(({ forms }) => forms !== undefined).map((variant) => ({ scenario, variant })));
    if (tagged.some((each) => !done.has(nameOf(each)))) return [];
    const forms = seedForms.flatMap((form): SeedForm[] => {
      const own = tagged.filter(({ variant }) => variant.forms?.includes(form));
      const reason = notModelled[form];
      if (own.length > 0) return [formOf(form, own, done)];
      return reason === undefined ? [] : [{ form, verdict: 'notModelled', reason, violated: [], holds: [], open: [], asExpected: true }];
    });
    return [{ seed: year, title, forms }];
  });
}

function nameOf({ scenario, variant }: Tagged): string {
  return `${scenarioId(scenario)} ${variant.name}`;
}

function formOf(form: string, own: readonly Tagged[], done: ReadonlyMap<string, SeedRun>): SeedForm {
  const runs = own.flatMap((each) => {
    const run = done.get(nameOf(each));
    return run === undefined ? [] : [{ run, place: placeOf(each) }];
  });
  const where = new Map<string, string[]>();
  for (const { run, place } of runs)
    for (const { id, verdict } of run.properties) if (verdict === 'violated') where.set(id, [...(where.get(id) ?? []), place]);
  const open = runs.filter(({ run }) => run.verdict === 'incomplete' || run.verdict === 'vacuous');
  const verdict = where.size > 0 ? 'violated' : (open[0]?.run.verdict ?? 'holds');
  return {
    form,
    verdict,
    reason: null,
    violated: [...where].sort(([a], [b]) => (a < b ? -1 : 1)).map(([property, places]) => ({ property, runs: places })),
    holds: runs.filter(({ run }) => run.verdict === 'holds').map(({ place }) => place),
    open: open.map(({ run, place }) => `${place}: ${run.verdict}`),
    asExpected: runs.every(({ run }) => run.asExpected),
  };
}

/** A variant that is named as one of its forms needs no name of its own. */
function placeOf(each: Tagged): string {
  const { scenario, variant } = each;
  return variant.forms?.some((form) => form === variant.name) ? scenarioId(scenario) : nameOf(each);
}
