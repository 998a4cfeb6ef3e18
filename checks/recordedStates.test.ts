import { describe, expect, it } from 'vitest';
import { comparedWithRecord } from './recordedStates.ts';
import type { RunResult } from './results.ts';

const run = (more: Partial<RunResult> = {}) =>
  ({ scenario: 'S', variant: 'V', preset: 'small', states: 5, steps: 7, depth: 3, exhausted: true, ...more }) as RunResult;
const record = { 'S V small': { states: 5, steps: 7, depth: 3, why: 'the first record' } };

describe('recorded numbers of states', () => {
  it('say nothing while they are the same', () => {
    expect(comparedWithRecord([run()], record)).toEqual([]);
  });
  it('name what moved', () => {
    expect(comparedWithRecord([run({ states: 6 })], record)).toEqual([
      'S V small: 6 states, 7 steps, depth 3, recorded 5 states, 7 steps, depth 3',
    ]);
  });
  it('miss runs that nobody recorded, at the bounds of the main job only', () => {
    expect(comparedWithRecord([run({ variant: 'W' })], record)).toEqual(['S W small: not recorded yet (5 states, 7 steps, depth 3)']);
    expect(comparedWithRecord([run({ preset: 'large' })], record)).toEqual([]);
  });
  it('pass over runs that were cut, and packages without a record', () => {
    expect(comparedWithRecord([run({ states: 2, exhausted: false })], record)).toEqual([]);
    expect(comparedWithRecord([run({ states: 2 })], null)).toEqual([]);
  });
  it('compare worst values, once they are recorded', () => {
    const counted = run({ properties: [{ id: 'I-1', verdict: 'holds', worst: { value: 2 } }] as unknown as RunResult['properties'] });
    expect(comparedWithRecord([counted], record)).toEqual([]);
    const known = { 'S V small': { ...record['S V small'], worst: { 'I-1': 1 } } };
    expect(comparedWithRecord([counted], known)).toEqual(['S V small: worst values I-1 2, recorded I-1 1']);
  });
});
