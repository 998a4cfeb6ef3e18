import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledSystem, compileSystem, type SystemDescription } from '../compiler/index.ts';
import { lowerSystem } from '../compiler/random/lower.ts';
import { propertyCount } from '../compiler/random/properties.ts';
import { systemRecipes } from '../compiler/random/recipe.ts';
import { type ExploreOptions, type ExploreResult, shortestTrace } from './index.ts';
import { Search } from './search.ts';
import { returnCounters, swifter } from './swifter.ts';
import { describeToy, philosophers, turns, twoPhaseCommit } from './toys/index.ts';
import { conclude } from './verdict.ts';

function told(result: ExploreResult, { marks, worst, monitorCounts }: CompiledSystem): unknown {
  const { counts, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates } = result;
  const { elapsedMs: _, rate: __, memoryBytes: ___, bytesPerState: ____, ...numbers } = counts;
  const traces = outcomes.map(({ id }) => shortestTrace(result, id));
  return { numbers, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates, traces, marks, worst, monitorCounts };
}

/** Compares a search with one that goes on in a module when it has so many states. Returns whether it did. */
function compare(description: SystemDescription, options: ExploreOptions, from: number): boolean {
  const [plain, system] = [compileSystem(description), compileSystem(description)];
  const alone = new Search(plain, options);
  alone.advance(Number.POSITIVE_INFINITY);
  const whole = told(conclude(alone), plain);
  let search = new Search(system, options);
  while (!search.advance(search.system === system ? 0.02 : Number.POSITIVE_INFINITY)) search = swifter(search, from);
  const result = conclude(search);
  const went = search.system !== system;
  expect(search.system.backEnd).toBe(went ? 'wasm' : 'javascript');
  returnCounters(search, system);
  expect(told(result, system)).toEqual(whole);
  return went;
}

describe('a search that goes on in a module', () => {
  it('ends as one that does not: random programs', () => {
    let went = 0;
    const options = fc.record({
      mode: fc.constantFrom('exact' as const, 'fingerprint' as const),
      batchParents: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(systemRecipes(propertyCount), options, fc.integer({ min: 1, max: 60 }), (recipe, chosen, from) => {
        if (compare(lowerSystem(recipe), { ...chosen, limits: { states: 800 } }, from)) went++;
      }),
      { seed: 31, numRuns: 50, endOnFailure: true },
    );
    expect(went).toBeGreaterThan(5);
  });

  it.each([twoPhaseCommit(5), philosophers(5, true), turns('hesitates')])('ends as one that does not: $name', (toy) => {
    for (const mode of ['exact', 'fingerprint'] as const) compare(describeToy(toy), { mode, batchParents: 2 }, 5);
  });

  it('does so only where no back end was asked for, and only if it is large', () => {
    const description = describeToy(twoPhaseCommit(4));
    const forced = new Search(compileSystem(description, { backEnd: 'javascript' }), {});
    expect(swifter(forced, 1)).toBe(forced);
    const threads = new Search(compileSystem(description), { workers: 2 });
    expect(swifter(threads, 1)).toBe(threads);
    const small = new Search(compileSystem(description), {});
    expect(swifter(small)).toBe(small);
    expect(swifter(small, 1)).not.toBe(small);
  });
});
