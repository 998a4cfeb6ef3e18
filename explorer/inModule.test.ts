import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledSystem, compileSystem, type SystemDescription } from '../compiler/index.ts';
import { lowerSystem } from '../compiler/random/lower.ts';
import { propertyCount } from '../compiler/random/properties.ts';
import { systemRecipes } from '../compiler/random/recipe.ts';
import { emitWasm } from '../compiler/wasm/index.ts';
import { type ExploreOptions, type ExploreResult, explore, shortestTrace } from './index.ts';
import { compileToy, describeToy, filterLock, philosophers, post, type Toy, twoPhaseCommit } from './toys/index.ts';

/** All that a result says, with every state and how it was found; but how long it took and how much it needed. */
function told(result: ExploreResult): unknown {
  const { counts, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates, graph } = result;
  const { elapsedMs: _, rate: __, memoryBytes: ___, bytesPerState: ____, ...numbers } = counts;
  const traces = outcomes.map(({ id }) => shortestTrace(result, id));
  const states = Array.from({ length: graph.count }, (_, id) => [graph.parentOf(id), graph.labelOf(id), graph.depthOf(id)]);
  const words = result.mode === 'exact' ? states.map((_, id) => graph.wordsOf(id)) : [];
  return { numbers, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates, traces, states, words };
}

function compare(description: SystemDescription, options: ExploreOptions): ExploreResult {
  const [plain, module] = (['javascript', 'wasm'] as const).map((backEnd) => explore(compileSystem(description, { backEnd }), options));
  expect(told(module as ExploreResult)).toEqual(told(plain as ExploreResult));
  return plain as ExploreResult;
}

describe('a search in the module of its system says what one outside says', () => {
  it('of random programs', () => {
    const seen = { violated: 0, deadlocked: 0, terminal: 0, cut: 0 };
    fc.assert(
      fc.property(
        systemRecipes(propertyCount),
        fc.record({ mode: fc.constantFrom('exact' as const, 'fingerprint' as const), batchParents: fc.integer({ min: 1, max: 70 }) }),
        (recipe, options) => {
          const { verdict, counts, cuts } = compare(lowerSystem(recipe), { ...options, limits: { states: 200 } });
          if (verdict === 'violated') seen.violated++;
          if (counts.deadlocked > 0) seen.deadlocked++;
          if (counts.terminal > 0) seen.terminal++;
          if (cuts.some(({ kind }) => kind === 'states')) seen.cut++;
        },
      ),
      { seed: 21, numRuns: 60, endOnFailure: true },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });

  it.each<[string, Toy]>([
    ['two-phase commit', twoPhaseCommit(5)],
    ['philosophers who starve', philosophers(4, false)],
    ['philosophers', philosophers(4, true)],
    ['a lock with a filter', filterLock(3, true)],
    ['a lock with a broken filter', filterLock(3, false)],
    ['post', post(4, true)],
  ])('of %s', (_, toy) => {
    for (const mode of ['exact', 'fingerprint'] as const) compare(describeToy(toy), { mode });
  });
});

describe('a search whose module has no more memory', () => {
  const { description, program, layout } = compileToy(twoPhaseCommit(7));
  const system = (pagesMost: number): CompiledSystem => emitWasm(description, program, layout, { pagesMost });

  it.each(['exact', 'fingerprint'] as const)('goes on outside, and says so: %s', (mode) => {
    const plain = explore(compileToy(twoPhaseCommit(7)), { mode });
    const module = explore(system(40), { mode });
    expect(plain.remarks).toBeUndefined();
    expect(module.remarks?.join()).toMatch(/memory of the WebAssembly module ended at \d MiB and \d+ states/);
    const rows = ({ graph, counts }: ExploreResult) => [counts.states, counts.transitions, graph.parentOf(59_999), graph.labelOf(12_345)];
    expect([module.verdict, rows(module)]).toEqual([plain.verdict, rows(plain)]);
  });

  it.each(['exact', 'fingerprint'] as const)('ends at a limit as any other: %s', (mode) => {
    const { verdict, cuts } = explore(compileToy(twoPhaseCommit(7), { backEnd: 'wasm' }), { mode, limits: { memoryBytes: 2 ** 20 } });
    expect([verdict, cuts.map(({ kind }) => kind)]).toEqual(['incomplete', ['memory']]);
  });
});
