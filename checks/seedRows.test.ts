import { describe, expect, it } from 'vitest';
import { scenarios } from '../model/index.ts';
import type { PropertyResult, RunResult } from './results.ts';
import { seedRows } from './seedRows.ts';
import { scenarioId } from './select.ts';

const property = (id: string): PropertyResult => ({
  id,
  name: id,
  verdict: 'violated',
  expected: 'violated',
  steps: 3,
  message: null,
  worst: null,
});

/** Every variant of a proposal's scenarios, as if it had come out as expected. */
function runsOf(year: string): RunResult[] {
  return scenarios
    .filter(({ era }) => era === year)
    .flatMap((scenario) =>
      scenario.variants.map(({ name, violated }) => ({
        scenario: scenarioId(scenario),
        variant: name,
        preset: 'small',
        bounds: '',
        verdict: violated.length > 0 ? ('violated' as const) : ('holds' as const),
        expectedVerdict: null,
        asExpected: true,
        surprises: [],
        properties: violated.map(property),
        states: 1,
        steps: 0,
        depth: 0,
        milliseconds: 0,
        bytesPerState: 0,
        exhausted: true,
        cuts: [],
        fingerprint: '',
      })),
    );
}

const formOf = (runs: readonly RunResult[], name: string) => seedRows(runs)[0]?.forms.find(({ form }) => form === name);

describe('the row of a proposal', () => {
  it('says of each form what it violates where', () => {
    const base = formOf(runsOf('2013'), 'base');
    expect(base?.verdict).toBe('violated');
    expect(base?.violated).toContainEqual({ property: 'I-33', runs: ['3.1-A v3.10'] });
    expect(formOf(runsOf('2013'), 'posted')).toMatchObject({ verdict: 'notModelled', reason: expect.stringContaining('not to be had') });
    expect(formOf(runsOf('2013'), 'counter')).toBeUndefined();
  });

  it('takes code that was merged as it was posted for both', () => {
    const runs = runsOf('2021');
    expect(formOf(runs, 'merged')?.violated.map((each) => each.property)).toEqual(
      formOf(runs, 'posted')?.violated.map((each) => each.property),
    );
    expect(formOf(runs, 'posted')?.violated).toContainEqual({ property: 'I-48', runs: expect.arrayContaining(['3.3-A']) });
  });

  it('is there only if all of it was run', () => {
    expect(seedRows([])).toEqual([]);
    expect(seedRows(runsOf('2021').filter(({ scenario }) => scenario !== '3.3-B'))).toEqual([]);
    expect(seedRows([...runsOf('2020'), ...runsOf('2013')]).map(({ seed }) => seed)).toEqual(['2013', '2020']);
  });

  it('is no success where a run was cut short or came out otherwise', () => {
    const runs = runsOf('2021').map((run) =>
      run.scenario === '3.3-A' && run.variant === 'fixed' ? { ...run, verdict: 'incomplete' as const, asExpected: false } : run,
    );
    const fixed = formOf(runs, 'fixed');
    expect(fixed).toMatchObject({ verdict: 'incomplete', open: ['3.3-A: incomplete'], asExpected: false });
    expect(fixed?.holds).not.toContain('3.3-A');
  });
});
