/**
 * Every property names an edit of the model that it notices: a property that nothing can violate says nothing.
 */
import { describe, expect, it } from 'vitest';
import { properties, tdpForms } from '../../properties/index.ts';
import { namedOutcomes } from '../deadlocks.ts';
import type { Choice } from '../describeSystem.ts';
import { describeSystem, propertiesFor } from '../describeSystem.ts';
import { runSystem } from '../runSystem.ts';
import { findScenario, findVariant } from '../select.ts';
import { namedMutants } from './named.ts';
import type { Mutant } from './operators.ts';

/** Ids of what is violated, with the mutant if there is one. */
async function violated(choice: Choice, mutant?: Mutant): Promise<string[]> {
  const replacing = mutant === undefined ? {} : { replacing: new Map([[mutant.procedure.name, mutant.procedure]]) };
  const { found } = await runSystem({ ...choice, ...replacing }, { limits: { states: 2_000_000 } });
  const outcomes = namedOutcomes(found.outcomes, propertiesFor(choice.scenario, choice.variant));
  return outcomes.filter(({ kind, status }) => kind !== 'reachable' && status === 'violated').map(({ id }) => id);
}

describe('each property kills the mutant that it names', () => {
  it.each([...properties, ...tdpForms].filter(({ mutant }) => mutant !== null))('$id $name, $file', async ({ id, mutant }) => {
    if (mutant === null) return;
    const scenario = findScenario(mutant.scenario);
    const choice = { scenario, variant: findVariant(scenario, mutant.variant), preset: 'small' as const, properties: new Set([id]) };
    const procedure = describeSystem(choice).procedures.get(mutant.procedure);
    if (procedure === undefined) throw new Error(`${scenario.name} has no ${mutant.procedure}()`);
    // That it holds without the mutant is what the main job says of it.
    expect(propertiesFor(scenario, choice.variant).map((property) => property.id)).toContain(id);
    expect(choice.variant.violated).not.toContain(id);
    const killers: string[] = [];
    for (const each of namedMutants(procedure, mutant.statement, mutant.operator)) {
      killers.push(...(await violated(choice, each)));
    }
    expect(killers).toContain(id);
  });

  it('has no exception', () => {
    expect(properties.filter(({ mutant }) => mutant === null).map(({ id }) => id)).toEqual([]);
  });
});
