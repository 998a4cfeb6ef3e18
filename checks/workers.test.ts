import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { explore } from '../explorer/index.ts';
import { buildWorkers, searchWith, told } from '../explorer/testing/workers.ts';
import { describeSystem } from './describeSystem.ts';
import { findScenario, findVariant } from './select.ts';

let clean = () => {};
beforeAll(() => {
  clean = buildWorkers();
});
afterAll(() => clean());

/** Violations, deadlocks, faults, progress, measures; both engines; several back ends. */
const runs = [
  ['3.3-B', 'posted', 'javascript'],
  ['3.4-A', 'unflushed', 'wasm'],
  ['2.21', 'slot', 'javascript'],
  ['3.3-A-live', 'posted', 'javascript'],
] as const;

describe('a scenario that is searched by workers', () => {
  it.each(runs)('%s %s (%s): everything is as one thread finds it, whoever is faster', async (id, name, backEnd) => {
    const scenario = findScenario(id);
    const description = describeSystem({ scenario, variant: findVariant(scenario, name), preset: 'small' });
    const alone = compileSystem(description, { backEnd });
    const limits = { states: 60_000 };
    const expected = told(explore(alone, { limits }));
    for (const workers of [2, 3]) {
      const system = compileSystem(description, { backEnd });
      const tuning = { chunkParents: 16, roundParents: 1024, lingering: { seed: workers, mostMs: 0.3 } };
      expect(await searchWith(system, { workers, limits }, tuning)).toEqual(expected);
      for (const counters of ['monitorCounts', 'worst', 'markCounts'] as const) expect(system[counters]).toEqual(alone[counters]);
    }
  });
});
