import { describe, expect, it } from 'vitest';
import { type RunResult, worstText } from '../../checks/index.ts';
import { worstLines } from './worstText.ts';

const worst = { value: 3, bound: 2, unit: 'pages', what: 'zapped in one hold', exact: true };

describe('worst values', () => {
  it('stand beside their bounds', () => {
    expect(worstText(worst)).toBe('at most 3 pages zapped in one hold; bound 2');
    expect(worstText({ ...worst, bound: null })).toBe('at most 3 pages zapped in one hold');
    expect(worstText({ ...worst, value: 1, unit: 'page' })).toBe('at most 1 page zapped in one hold; bound 2');
  });

  it('are a least value where the search was cut', () => {
    expect(worstText({ ...worst, exact: false })).toBe('at least 3 pages zapped in one hold so far; bound 2');
  });

  it('share a line where nothing was counted and nothing may be', () => {
    const run = (scenario: string, value: number) =>
      ({
        scenario,
        variant: 'v',
        properties: [{ id: 'I-1', verdict: 'holds', worst: { ...worst, value, bound: 0 } }],
      }) as unknown as RunResult;
    expect(worstLines([run('A', 0), run('B', 3), run('C', 0)])).toEqual([
      'Worst values over all schedules:',
      '  B v I-1: at most 3 pages zapped in one hold; bound 0',
      '  I-1: no pages zapped in one hold, in 2 runs',
    ]);
    expect(worstLines([])).toEqual([]);
  });
});
