import { describe, expect, it } from 'vitest';
import { table } from './table.ts';

const columns = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('tables', () => {
  it('align numbers to the right', () => {
    const text = table(
      ['name', 'states'],
      [
        ['a', '7'],
        ['b', '1,234,567'],
      ],
      { right: ['states'] },
    );
    expect(text.split('\n')).toEqual(['name     states', 'a             7', 'b     1,234,567']);
  });

  it('fit the width by wrapping the widest of the columns that may', () => {
    const ids = Array.from({ length: 30 }, (_, k) => `I-${k}`).join(', ');
    const text = table(['scenario', 'violated', 'variants'], [['3.2-C', ids, 'base, posted']], {
      wrap: ['violated', 'variants'],
      width: 60,
    });
    expect(columns(text)).toBeLessThanOrEqual(60);
    // Nothing is lost, and what fits stays in one line.
    expect(text.replaceAll(/\s+/g, ' ')).toContain('I-0, I-1,');
    for (let k = 0; k < 30; k++) expect(text).toMatch(new RegExp(`I-${k}\\b`));
    expect(text).toContain('base, posted');
  });

  it('break between an id and its number where a column has no room for both', () => {
    const rows = [['x'.repeat(60), 'fault:nullDereference (46), I-10 (3)']];
    const text = table(['scenario', 'violated'], rows, { wrap: ['violated'], width: 84 });
    expect(columns(text)).toBeLessThanOrEqual(84);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('fault:nullDereference (46), I-10 (3)');
  });

  it('are as wide as they must be where nothing may wrap', () => {
    expect(columns(table(['a'], [['x'.repeat(130)]], { width: 100 }))).toBe(130);
  });
});
