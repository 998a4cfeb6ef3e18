import { describe, expect, it } from 'vitest';
import type { ExploreResult, PropertyOutcome } from '../explorer/result.ts';
import { judgeRun, type RunNames } from './judgeRun.ts';

const names: RunNames = {
  scenario: 'S',
  variant: 'V',
  preset: 'small',
  bounds: '1 vCPU',
  fingerprint: 'f',
  propertyNames: new Map([['I-1', 'first']]),
};
const outcome = (id: string, status: PropertyOutcome['status'], more: Partial<PropertyOutcome> = {}): PropertyOutcome => ({
  id,
  kind: 'state',
  status,
  reached: status !== 'vacuous',
  first: null,
  depth: status === 'violated' ? 7 : null,
  count: 0,
  ...more,
});
function found(outcomes: PropertyOutcome[], more: Partial<ExploreResult> = {}): ExploreResult {
  const counts = { states: 10, transitions: 20, depth: 5, elapsedMs: 12.4, bytesPerState: 51.2 };
  return { outcomes, cuts: [], exhausted: true, counts, ...more } as ExploreResult;
}
const judged = (outcomes: PropertyOutcome[], violated: string[], more: Partial<ExploreResult> = {}, selected: Set<string> | null = null) =>
  judgeRun(found(outcomes, more), names, { violated }, selected);

describe('judging a run', () => {
  it('is as expected if exactly the expected properties are violated', () => {
    const run = judged([outcome('I-1', 'violated'), outcome('I-2', 'holds')], ['I-1']);
    expect(run).toMatchObject({ verdict: 'violated', expectedVerdict: 'violated', asExpected: true, surprises: [] });
    expect(run.properties[0]).toMatchObject({ id: 'I-1', name: 'first', steps: 7, expected: 'violated' });
  });

  it('is surprised by a violation too many and by one too few', () => {
    expect(judged([outcome('I-1', 'violated')], []).surprises).toEqual(['I-1 is violated and should hold']);
    expect(judged([outcome('I-1', 'holds')], ['I-1']).surprises).toEqual(['I-1 should be violated and is not']);
  });

  it('never calls a cut search a success', () => {
    const cuts = [{ kind: 'states' as const, limit: 10, message: '10 states' }];
    const run = judged([outcome('I-1', 'incomplete')], [], { exhausted: false, cuts });
    expect(run).toMatchObject({ verdict: 'incomplete', asExpected: false, surprises: ['stopped early: 10 states'] });
  });

  it('is vacuous if an interesting state is never met, but not if a property has no occasion here', () => {
    expect(judged([outcome('R-1', 'vacuous', { kind: 'reachable' })], [])).toMatchObject({ verdict: 'vacuous', asExpected: false });
    expect(judged([outcome('I-1', 'vacuous')], [])).toMatchObject({ verdict: 'holds', asExpected: true });
  });

  it('reports deadlocks and faults whatever was asked for, and nothing else that was not', () => {
    const outcomes = [outcome('I-1', 'violated'), outcome('I-2', 'violated'), outcome('deadlock', 'violated', { kind: 'deadlock' })];
    const run = judged(outcomes, ['I-1', 'I-2'], {}, new Set(['I-1']));
    expect(run.properties.map((each) => each.id)).toEqual(['I-1', 'deadlock']);
    expect(run.surprises).toEqual(['deadlock is violated and should hold']);
  });

  it('tells a worst value with its unit, and one that is not as the scenario says', () => {
    const measured = new Map([['I-1', { one: 'page', many: 'pages', what: 'zapped in one hold' }]]);
    const outcomes = [outcome('I-1', 'holds', { kind: 'event', worst: { value: 2, bound: 3 } })];
    const run = judgeRun(found(outcomes), { ...names, measured }, { violated: [], worst: { 'I-1': 3 } }, null);
    expect(run.properties[0]?.worst).toEqual({ value: 2, bound: 3, unit: 'pages', what: 'zapped in one hold', exact: true });
    expect(run.surprises).toEqual(['the worst value of I-1 is 2 and should be 3']);
  });
});
