import { describe, expect, it } from 'vitest';
import { worstText } from './worstText.ts';

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
});
