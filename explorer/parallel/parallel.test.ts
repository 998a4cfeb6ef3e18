import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSystem, type SystemDescription } from '../../compiler/index.ts';
import { staticTable, uint } from '../../compiler/machine/schema.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { explore, exploreAsync } from '../explore.ts';
import { packedTwoPhaseCommit } from '../testing/twoPhaseCommit.ts';
import { buildWorkers, searchWith, told } from '../testing/workers.ts';
import { describeToy, filterLock, philosophers, post, type Toy, turns, twoPhaseCommit } from '../toys/index.ts';
import type { Inject } from './loops.ts';

let clean = () => {};
beforeAll(() => {
  clean = buildWorkers();
});
afterAll(() => clean());

const modes = ['exact', 'fingerprint'] as const;
const backEnds = ['javascript', 'wasm', 'interpreter'] as const;
const ways = [
  ['javascript', 2],
  ['wasm', 2],
  ['wasm', 3],
] as const;
const inTurn = (k: number): (typeof backEnds)[number] => (k % 2 === 0 ? 'wasm' : 'javascript');
/** States of more words than loops over them are written out for. */
const commit = twoPhaseCommit(3);
const wide: Toy = { ...commit, name: 'wide', tables: { ...commit.tables, ballast: staticTable(60, { x: uint(0xffff_ffff) }) } };
const toys: readonly Toy[] = [
  wide,
  twoPhaseCommit(5),
  filterLock(3, true),
  filterLock(3, false),
  post(4, true),
  philosophers(5, true),
  philosophers(4, false),
  turns('tries'),
  turns('hesitates'),
];

/** One search, and what others with workers say otherwise. */
async function differences(description: SystemDescription, runs: readonly Run[], states?: number) {
  const found: string[] = [];
  for (const { mode = 'exact', backEnd = 'javascript', workers, seed, inject, chunkParents = 4 } of runs) {
    const limits = states === undefined ? {} : { limits: { states } };
    const system = compileSystem(description, { backEnd });
    const alone = { ...told(explore(system, { mode, ...limits })), counters: countersOf(system) };
    const other = compileSystem(description, { backEnd });
    const tuning = {
      chunkParents,
      lingering: seed === undefined ? null : { seed, mostMs: 1 },
      ...(inject === undefined ? {} : { inject }),
    };
    const together = { ...(await searchWith(other, { mode, workers, ...limits }, tuning)), counters: countersOf(other) };
    for (const key of Object.keys(alone) as (keyof typeof alone)[]) {
      const [a, b] = [alone, together].map((each) => JSON.stringify(each[key]));
      if (a !== b)
        found.push(`${description.name} ${mode} ${backEnd} ${workers} ${seed}: ${key}: ${a?.slice(0, 300)} but ${b?.slice(0, 300)}`);
    }
  }
  return found;
}

interface Run {
  readonly mode?: (typeof modes)[number];
  readonly backEnd?: (typeof backEnds)[number];
  readonly workers: number;
  readonly seed?: number;
  readonly inject?: Inject;
  readonly chunkParents?: number;
}

function countersOf(system: ReturnType<typeof compileSystem>) {
  return { monitors: [...system.monitorCounts], worst: [...(system.worst ?? [])], marks: [...(system.marks ?? [])] };
}

describe('a search with workers', () => {
  it.each(toys.map((toy) => [toy.name, toy] as const))('%s: is that of one thread in everything', async (_, toy) => {
    // In the module of the system as well as outside.
    const runs = modes.flatMap((mode) => ways.map(([backEnd, workers]) => ({ mode, backEnd, workers })));
    expect(await differences(describeToy(toy), runs)).toEqual([]);
  });

  it.each(backEnds)('is so with the back end %s, whoever is faster', async (backEnd) => {
    const runs = [1, 2, 3].map((seed) => ({ backEnd, workers: 3, seed, mode: modes[seed % 2] ?? 'exact' }));
    expect(await differences(describeToy(twoPhaseCommit(4)), runs)).toEqual([]);
  });

  it.each([filterLock(3, false), post(4, true), philosophers(5, true)])(
    '$name: what several threads find is told in order',
    async (toy) => {
      const runs = [1, 2, 3, 4].map((seed) => ({ workers: 3, seed, chunkParents: 1, backEnd: inTurn(seed) }));
      expect(await differences(describeToy(toy), runs)).toEqual([]);
    },
  );

  it('of random programs is so, too', async () => {
    const recipes = fc.sample(systemRecipes(propertyCount), { numRuns: 24, seed: 5 });
    const found: string[] = [];
    for (const [k, recipe] of recipes.entries()) {
      found.push(
        ...(await differences(
          lowerSystem(recipe),
          [{ workers: 2 + (k % 2), seed: k, mode: modes[k % 2] ?? 'exact', backEnd: inTurn(k >> 1) }],
          4000,
        )),
      );
    }
    expect(found).toEqual([]);
  });

  it('of renamed states is so, and counts what was renamed', async () => {
    const options = { reductions: { renaming: true } };
    const alone = told(explore(compileSystem(describeToy(twoPhaseCommit(6))), options));
    expect(alone.saved?.renaming?.renamed).toBeGreaterThan(0);
    expect(await searchWith(compileSystem(describeToy(twoPhaseCommit(6))), { ...options, workers: 3 })).toEqual(alone);
  });

  it.each([
    ['noMinimum', 'javascript'],
    ['noMinimum', 'wasm'],
    ['byArrival', 'javascript'],
    ['byArrival', 'wasm'],
  ] as const)('an error on purpose is noticed: %s, %s', async (inject, backEnd) => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    for (const seed of seeds) {
      if ((await differences(describeToy(twoPhaseCommit(4)), [{ workers: 3, seed, inject, backEnd }])).length > 0) return;
    }
    expect.fail('nothing noticed it');
  });
});

describe('workers are refused', () => {
  it('where nobody waits for them, where they cannot compile the system, and in numbers that cannot be', async () => {
    const system = compileSystem(describeToy(philosophers(3, true)));
    expect(() => explore(system, { workers: 2 })).toThrow('workers need exploreAsync');
    await expect(exploreAsync(packedTwoPhaseCommit(3), { workers: 2 })).rejects.toThrow('not made by compileSystem');
    await expect(exploreAsync(system, { workers: 0 })).rejects.toThrow('1 to 64 workers, not 0');
  });
});
