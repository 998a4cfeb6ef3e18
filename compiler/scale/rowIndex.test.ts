import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowIndex } from './rowIndex.ts';

const rows = 12;
const step = fc.record({ row: fc.nat({ max: rows - 1 }), value: fc.nat({ max: 3 }), frees: fc.boolean() });

it('finds what a walk over all rows finds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const column = new Uint32Array(rows);
      const index = new RowIndex(column);
      const allocated = new Set<number>();
      for (const { row, value, frees } of steps) {
        if (allocated.has(row) && frees) {
          index.remove(row);
          allocated.delete(row);
          column[row] = 0;
          continue;
        }
        if (!allocated.has(row)) index.add(row);
        allocated.add(row);
        index.set(row, value);
      }
      for (let value = 0; value < 4; value++) {
        for (let from = 0; from <= rows; from++) {
          const walked = [...allocated].filter((row) => row >= from && column[row] === value);
          expect(index.from(value, from)).toBe(Math.min(rows, ...walked));
        }
      }
    }),
    { seed: 20, numRuns: 200 },
  );
});
