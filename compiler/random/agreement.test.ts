import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compile.ts';
import { emitJavaScript } from '../emit/index.ts';
import { interpretProgram } from '../interpret/interpret.ts';
import { buildProgram } from '../program/build.ts';
import { type Counts, countConstructs } from './constructs.ts';
import { compareBackEnds, compareMerged } from './differential.ts';
import { lowerSystem } from './lower.ts';
import { propertyCount } from './properties.ts';
import { type SystemRecipe, systemRecipes } from './recipe.ts';
import { replayed } from './replay.ts';
import { explore } from './search.ts';

const recipes = systemRecipes(propertyCount);
/** More of them, or others, by hand: `MMUCHECK_RANDOM=2000:17` runs 2000 systems from seed 17. */
const [runs = 0, seed = 1] = (process.env['MMUCHECK_RANDOM'] ?? '')
  .split(':')
  .filter((part) => part !== '')
  .map(Number);

function holdsFor(check: (recipe: SystemRecipe, merge: boolean) => readonly string[], parameters: { numRuns: number; seed: number }): void {
  fc.assert(
    fc.property(recipes, fc.boolean(), (recipe, merge) => {
      const differences = check(recipe, merge);
      if (differences.length > 0) throw new Error(differences.join('\n'));
    }),
    { numRuns: runs === 0 ? parameters.numRuns : runs, seed: seed + parameters.seed },
  );
}

describe('random programs', () => {
  it.each(['javascript', 'wasm'] as const)('step alike in generated code (%s) and in the interpreter', (backEnd) => {
    let generated = 0;
    holdsFor(
      (recipe, merge) => {
        const description = lowerSystem(recipe);
        const system = compileSystem(description, { merge, backEnd });
        const oracle = compileSystem(description, { merge, backEnd: 'interpreter' });
        expect([system.backEnd, oracle.backEnd]).toEqual([backEnd, 'interpreter']);
        const differences = compareBackEnds(system, oracle, 60);
        // Counters are advanced by the code that runs: generated code counted its own blocks.
        generated += system.coverage.some((count) => count > 0) ? 1 : 0;
        return differences;
      },
      { numRuns: 40, seed: 0 },
    );
    expect(generated).toBeGreaterThan(runs === 0 ? 35 : 0);
  });

  it('have the same violations, terminal states and deadlocks merged and unmerged', () => {
    const seen = { complete: 0, deadlock: 0, violated: new Set<string>() };
    holdsFor(
      (recipe) => {
        const { differences, findings } = compareMerged(lowerSystem(recipe), 1000);
        if (differences !== null) seen.complete++;
        if (findings.deadlock) seen.deadlock++;
        for (const id of findings.violated) seen.violated.add(id);
        return differences ?? [];
      },
      { numRuns: 150, seed: 100 },
    );
    expect(seen.complete).toBeGreaterThan(100);
    expect(seen.deadlock).toBeGreaterThan(5);
    // Every property of the random systems fails somewhere.
    expect([...seen.violated].sort()).toEqual(['A0', 'A1', ...range('E', 8), ...range('S', 7)]);
  });

  it('contain every construct, and traces that lead to the same state as the step', () => {
    const counts: Counts = new Map();
    holdsFor(
      (recipe) => {
        const { description, program, layout } = buildProgram(lowerSystem(recipe), { merge: true });
        const system = interpretProgram(description, program, layout);
        const differences: string[] = [];
        let states = 0;
        explore(emitJavaScript(description, program, layout), 250, (state) => {
          if (states++ % 8 !== 0) return;
          system.buffer.set(state, 0);
          for (const label of system.enabled(0)) {
            const events = system.traceStep(0, label);
            countConstructs(events, counts);
            if (system.step(0, label, system.words) === 0) differences.push(...replayed(system, events));
          }
        });
        return differences;
      },
      { numRuns: 200, seed: 200 },
    );
    const missing = constructs.filter((name) => !counts.has(name));
    expect(missing).toEqual([]);
  });
});

function range(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, k) => `${letter}${k}`);
}

const constructs = [
  ...['assign', 'load', 'store', 'atomic', 'acquire', 'release', 'tryAcquire', 'lockQuery', 'list', 'alloc', 'free'],
  ...['choose', 'assume', 'assert', 'mark', 'preempt', 'branch', 'call', 'return', 'wait', 'monitor: monitor', 'ghost: monitor'],
  ...['rw announced exclusive', 'rw acquired shared', 'rw acquired exclusive', 'rwPlain acquired shared', 'mutexB acquired exclusive'],
  ...['mutexA failed exclusive', 'lock acquired exclusive', 'contended true', 'contended false'],
  ...['list add', 'list addTail', 'list remove', 'list contains', 'list first', 'list length', 'list next'],
  ...['atomic fetchAdd', 'atomic fetchAnd', 'atomic fetchOr', 'atomic exchange', 'atomic compareExchange', 'atomic compareExchange failed'],
  ...[
    'free with references in fields',
    'alloc of row 0',
    'alloc of row 1',
    'assert warn false',
    'assert bug true',
    'monitor true',
    'monitor false',
  ],
  ...['call of helper0', 'call of helper1', 'call of grab', 'call of down', 'calls two deep', 'branch true', 'branch false'],
  ...['choice after a write in one step', 'fault useAfterFree', 'fault bug', 'fault bound', 'fault listCorruption'],
];
