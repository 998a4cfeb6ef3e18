import fc from 'fast-check';
import { expect, it } from 'vitest';
import { operate } from '../interpret/lists.ts';
import { LinkedLists } from './linkedLists.ts';

const operators = ['add', 'addTail', 'remove', 'contains', 'length', 'isEmpty', 'first', 'last', 'next', 'previous'] as const;
const commands = fc.array(fc.tuple(fc.constantFrom(...operators), fc.nat(1), fc.integer({ min: 1, max: 5 })), { maxLength: 60 });

it.each([5, 2 ** 30])('linked lists mean what packed ones do, with elements up to %i', (elements) => {
  fc.assert(
    fc.property(commands, (chosen) => {
      const linked = new LinkedLists('toy', 2, elements, 3);
      const packed: [number[], number[]] = [[], []];
      const outcome = (run: () => number | null | undefined) => {
        try {
          return run() ?? null;
        } catch {
          return 'fault';
        }
      };
      for (const [operator, list, element] of chosen) {
        const mine = packed[list] ?? [];
        const elsewhere = packed.some((each) => each.includes(element));
        const expected = outcome(() => operate(mine, { operator, element, capacity: 3, elsewhere }));
        expect(outcome(() => linked[operator](list, element) as number | undefined)).toBe(expected);
        expect([linked.elements(0), linked.elements(1)]).toEqual(packed);
      }
    }),
    { seed: 3, numRuns: 300 },
  );
});
