import { expect, test } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { scenarioId } from '../select.ts';
import { smallFirst } from './order.ts';

test('scenarios with few states come first, unknown ones last and as they are', () => {
  const some = scenarios.slice(0, 5).flatMap((scenario) => {
    const variant = scenario.variants.at(-1);
    return variant === undefined ? [] : [{ scenario, variant }];
  });
  const record = (states: number) => ({ states, steps: 0, depth: 0, why: 'for this test' });
  const keyOf = (index: number): string => {
    const one = some[index];
    return one === undefined ? '' : `${scenarioId(one.scenario)} ${one.variant.name} small`;
  };
  expect(smallFirst(some, 'small', { [keyOf(0)]: record(30), [keyOf(2)]: record(10), [keyOf(4)]: record(10) })).toEqual([2, 4, 0, 1, 3]);
  expect(smallFirst(some, 'small', null)).toEqual([0, 1, 2, 3, 4]);
  // Those of this repository are known.
  expect(smallFirst(some, 'small')).not.toEqual([0, 1, 2, 3, 4]);
});
