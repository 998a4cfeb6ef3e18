import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mixer } from './mixer.ts';

const keyOf = (values: readonly number[]): string => {
  const mixer = new Mixer();
  for (const value of values) mixer.mix(value);
  return mixer.key();
};

describe('the key of a row of numbers', () => {
  it('is the same for the same numbers, and another for others', () => {
    const rows = fc.array(fc.integer(), { maxLength: 8 });
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(one.join() === other.join());
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('tells small numbers at all places from each other', () => {
    const keys = new Set<string>();
    for (let a = 0; a < 60; a++) for (let b = 0; b < 60; b++) for (let c = 0; c < 60; c++) keys.add(keyOf([a, b, c]));
    expect(keys.size).toBe(60 ** 3);
  });

  it('tells zeros by how many there are', () => {
    expect(new Set([0, 1, 2, 3].map((n) => keyOf(Array.from({ length: n }, () => 0)))).size).toBe(4);
  });
});
