import { expect, it } from 'vitest';
import { scenarios } from './scenarios/index.ts';
import { seedForms, seeds } from './seeds.ts';

const variantsOf = (year: string) => scenarios.filter(({ era }) => era === year).flatMap(({ variants }) => variants);

it('every scenario belongs to the proposal of its era', () => {
  const years = seeds.map(({ year }) => year);
  expect(scenarios.filter(({ era }) => !years.includes(era)).map(({ name }) => name)).toEqual([]);
});

it.each(seeds)('$year: each form of the code is a variant, or is said not to be modelled, and not both', ({ year, notModelled }) => {
  const modelled = new Set(variantsOf(year).flatMap(({ forms }) => forms ?? []));
  for (const form of seedForms.filter((each) => each !== 'counter'))
    expect([form, modelled.has(form) !== form in notModelled]).toEqual([form, true]);
  expect(Object.keys(notModelled).filter((form) => modelled.has(form as (typeof seedForms)[number]))).toEqual([]);
});
