import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SystemDescription } from '../description.ts';
import type { CompileOptions } from '../system.ts';
import { compareMerged } from './differential.ts';
import { binary, bool, local, num, place, rowOf, u32 } from './irWords.ts';
import { lowerSystem } from './lower.ts';
import { propertyCount } from './properties.ts';
import { type SystemRecipe, systemRecipes } from './recipe.ts';
import { procedure, toySystem } from './toySystem.ts';

const mutexA = place('vm', 'mutexA');
const mutexB = place('vm', 'mutexB');
const rw = place('vm', 'rw');
const x0 = place('cells', 'x', rowOf('cells', 0));
const locals = { t: u32 };

/** One small system for each injected error, in which nothing but that error makes a difference. */
const directed: Readonly<Record<NonNullable<CompileOptions['inject']>, { system: SystemDescription; difference: RegExp }>> = {
  blockingMidStep: {
    system: toySystem({
      processes: [
        { run: procedure('ab', (w) => [w.acquire(mutexA), w.acquire(mutexB), w.release(mutexB), w.release(mutexA)]) },
        { run: procedure('ba', (w) => [w.acquire(mutexB), w.acquire(mutexA), w.release(mutexA), w.release(mutexB)]) },
      ],
    }),
    difference: /^deadlock: true unmerged, false merged$/,
  },
  ignoreVisibility: {
    system: toySystem({
      processes: [{ run: procedure('blink', (w) => [w.acquire(mutexA), w.store(x0, num(1)), w.store(x0, num(0)), w.release(mutexA)]) }],
      procedures: [procedure('dark', (w) => [w.load('t', x0), w.return(binary('==', local('t'), num(0)))], { locals, result: bool })],
      properties: [{ kind: 'state', id: 'dark', name: 'dark', predicate: 'dark', scope: { kind: 'always' } }],
    }),
    difference: /^violated only unmerged: dark$/,
  },
  rwlockAsMutex: {
    system: toySystem({
      processes: [0, 1].map((k) => ({
        run: procedure(
          `reader${k}`,
          (w) => [w.acquire(rw, 'shared'), w.load('t', x0), w.store(x0, binary('+', local('t'), num(1))), w.release(rw, 'shared')],
          { locals },
        ),
      })),
    }),
    difference: /^terminal only unmerged: /,
  },
};

/** The same program with one shared field and only readers: where `rwlockAsMutex` matters, which is rare otherwise. */
function asReaders(recipe: SystemRecipe): SystemRecipe {
  const changed: Readonly<Record<string, unknown>> = { lock: 'rwPlain', mode: 'shared', row: 0, field: 'x' };
  return JSON.parse(JSON.stringify(recipe), (key, value: unknown) => changed[key] ?? value);
}

describe.each(Object.entries(directed))('the injected error %s', (name, { system, difference }) => {
  const inject = name as NonNullable<CompileOptions['inject']>;

  it('makes a difference in its directed program, which has none otherwise', () => {
    expect(compareMerged(system, 1000).differences).toEqual([]);
    const { differences } = compareMerged(system, 1000, { inject });
    expect(differences?.some((one) => difference.test(one))).toBe(true);
  });

  it('is found by random programs', () => {
    const found = fc.check(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        // Null: too large, nothing was compared.
        const { differences } = compareMerged(lowerSystem(inject === 'rwlockAsMutex' ? asReaders(recipe) : recipe), 600, { inject });
        return differences === null || differences.length === 0;
      }),
      { seed: 7, numRuns: 300, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
