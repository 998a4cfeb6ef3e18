import { describe, expect, it } from 'vitest';
import { propertyOf } from '../properties/index.ts';
import { idInSearch, namedOutcomes } from './deadlocks.ts';
import { runHunt } from './hunt.ts';
import { runSystem, traceOf } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';

describe('deadlocks', () => {
  const asked = [propertyOf('I-22', 'tdp'), propertyOf('I-51', 'tdp')];
  const outcome = { id: 'deadlock', kind: 'deadlock', status: 'holds', reached: true, first: null, depth: null, count: 0 } as const;

  it('have the name of the property in scenarios that ask for it', () => {
    expect(namedOutcomes([outcome], asked).map(({ id }) => id)).toEqual(['I-51']);
    expect(namedOutcomes([outcome], asked.slice(0, 1)).map(({ id }) => id)).toEqual(['deadlock']);
    expect(idInSearch('I-51', asked)).toBe('deadlock');
    expect(idInSearch('I-22', asked)).toBe('I-22');
  });

  it('have a trace that says which property that is, and who waits for what', async () => {
    const scenario = findScenario('2.6');
    const run = await runSystem({ scenario, variant: findVariant(scenario, 'v6.12'), preset: 'small' });
    const trace = traceOf(run, 'I-51');
    expect(trace?.property.statement).toMatch(/^I-51 deadlock-free: /);
    expect(JSON.stringify(trace)).toContain('memslot no longer INVALID');
  });

  it('are hunted by the name of the property', async () => {
    const { report } = await runHunt({ scenario: '2.6', variant: 'v6.12', preset: 'small', properties: ['I-51'], seed: 1, runs: 3000 });
    expect(report.found).toMatchObject({ property: 'I-51', expected: true });
  });
});
