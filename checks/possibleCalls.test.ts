import { expect, test } from 'vitest';
import { type Scenario, scenarios } from '../model/index.ts';
import { reachableProcedures } from './callGraph.ts';
import { sketchSystem } from './describeSystem.ts';
import { mayReach } from './possibleCalls.ts';
import { scenarioId } from './select.ts';

const some = ['3.4-A', '2.15', '3.3-A'];
const chosen = scenarios.filter((scenario) => some.includes(scenarioId(scenario)));

const choicesOf = (scenario: Scenario) =>
  [scenario.variants[0], scenario.variants.at(-1)].flatMap((variant) =>
    variant === undefined ? [] : [{ scenario, variant, preset: 'small' as const }],
  );

test.each(chosen.flatMap(choicesOf))('what a scenario comes to is not said to be out of reach: $scenario.name, $variant.name', (choice) => {
  const reached = [...reachableProcedures(sketchSystem(choice))];
  expect(reached.length).toBeGreaterThan(20);
  expect(reached.filter((name) => !mayReach(choice, new Set([name])))).toEqual([]);
});

test('what it has no text of, or nobody of it names, is out of reach', () => {
  const [choice] = chosen.flatMap(choicesOf);
  if (choice === undefined) throw new Error('no scenario');
  expect(mayReach(choice, new Set(['no_such_function']))).toBe(false);
  const shadow = scenarios.find((scenario) => scenario.engine === undefined && scenario.era !== '2013');
  const tdp = shadow === undefined ? undefined : choicesOf(shadow)[1];
  if (tdp === undefined) throw new Error('no scenario');
  expect(mayReach(tdp, new Set(['tdp_mmu_iter_cond_resched', 'kvm_tdp_mmu_map']))).toBe(false);
});
