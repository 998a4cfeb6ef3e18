import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileSystem, type SystemDescription } from '../../compiler/index.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { explore } from '../explore.ts';
import { pathTo, replay } from '../graph.ts';
import type { ExploreResult } from '../result.ts';
import { wrongWithLoop } from './verify.ts';

/** Asks for progress where the program has state properties: what they say is owed. All processes must go on. */
function withProgress(description: SystemDescription): SystemDescription {
  return {
    ...description,
    processes: description.processes.map((process) => ({ ...process, kind: 'essential' })),
    properties: description.properties.flatMap((each) =>
      each.kind === 'state' ? [{ kind: 'progress' as const, id: each.id, name: each.name, predicate: each.predicate }] : [],
    ),
  };
}

function verdicts({ outcomes }: ExploreResult): string[] {
  return outcomes.flatMap(({ id, kind, status }) => (kind === 'progress' ? [`${id} ${status}`] : []));
}

it('random programs make the same progress merged and unmerged, and every lasso is confirmed', () => {
  const seen = { compared: 0, holds: 0, loops: 0, stops: 0, assumes: 0 };
  fc.assert(
    fc.property(systemRecipes(propertyCount), (recipe) => {
      const description = withProgress({ ...lowerSystem(recipe), hooks: [] });
      if (description.properties.length === 0) return;
      const results = [true, false].map((merge) => {
        const system = compileSystem(description, { merge });
        return { system, found: explore(system, { limits: { states: 3000 } }) };
      });
      // A fault ends paths, and hides what the merged step before it went through.
      if (results.some(({ found }) => !found.exhausted || found.outcomes.some(({ kind }) => kind === 'fault'))) return;
      if (results.some(({ found }) => found.outcomes.some(({ undecided }) => undecided !== undefined))) {
        seen.assumes++;
        return;
      }
      seen.compared++;
      const [merged, unmerged] = results.map(({ found }) => verdicts(found));
      expect(merged).toEqual(unmerged);
      for (const { system, found } of results) {
        for (const [index, { kind, status, first, loop }] of found.outcomes.entries()) {
          if (kind !== 'progress' || first === null || loop === undefined) {
            if (kind === 'progress' && status === 'holds') seen.holds++;
            continue;
          }
          if (loop.length > 0) seen.loops++;
          else seen.stops++;
          expect(wrongWithLoop(system, replay(system, pathTo(found, first.state)), loop, index)).toBeNull();
        }
      }
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(seen.compared).toBeGreaterThan(60);
  expect(seen.holds).toBeGreaterThan(40);
  expect(seen.loops).toBeGreaterThan(20);
  expect(seen.stops).toBeGreaterThan(100);
});
