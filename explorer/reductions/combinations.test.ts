import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SystemDescription } from '../../compiler/index.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { combinations } from '../testing/combinations.ts';
import { objectsToy } from '../testing/objects.ts';
import { symmetricSystem } from '../testing/symmetric.ts';
import { buildWorkers } from '../testing/workers.ts';
import { describeToy, twoPhaseCommit } from '../toys/index.ts';

let clean = () => {};
beforeAll(() => {
  clean = buildWorkers();
});
afterAll(() => clean());

describe('merged or not, renamed or not, with steps that wait or not, in one thread or two: the same is said', () => {
  const ways = new Set<string>();
  it.each<[string, SystemDescription]>([
    ['of two-phase commit', describeToy(twoPhaseCommit(3))],
    ['of a toy whose objects are held in every way', objectsToy()],
  ])('%s', async (_, description) => {
    const compared = await combinations(description, 100_000, true);
    expect(compared?.wrong).toEqual([]);
    expect(compared?.left).toBeLessThan(1);
    for (const way of compared?.used ?? []) ways.add(way);
  });

  const random = (symmetric: boolean) =>
    fc
      .sample(fc.tuple(systemRecipes(propertyCount), fc.constantFrom(2, 3)), { seed: 23, numRuns: symmetric ? 30 : 24 })
      .map(([recipe, rows]) => {
        return symmetric ? symmetricSystem(recipe, rows, 1) : lowerSystem(recipe);
      });
  it.each([
    ['of random programs', false],
    ['of random programs with a process for each row', true],
  ])('%s', async (_, symmetric) => {
    let compared = 0;
    let smaller = 0;
    let threads = 4;
    for (const description of random(symmetric)) {
      const found = await combinations(description, 2500, threads-- > 0);
      if (found === null) continue;
      expect(found.wrong).toEqual([]);
      compared++;
      for (const way of found.used) ways.add(way);
      if (found.left < 1) smaller++;
    }
    expect(compared).toBeGreaterThan(5);
    expect(smaller).toBeGreaterThanOrEqual(symmetric ? 5 : 0);
  });
  it('in every combination', () => {
    expect(ways.size).toBe(6);
  });
});
