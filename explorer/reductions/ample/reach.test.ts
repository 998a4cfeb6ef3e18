import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reach } from './reach.ts';

const locals = 8;
/** In the order in which it is learned: a step from one local state to another, or that the next step from one touches an atom. */
const learned = fc.array(fc.record({ step: fc.boolean(), from: fc.nat(locals - 1), to: fc.nat(locals - 1) }), { maxLength: 30 });

describe('what is reached, as it is learned bit by bit', () => {
  it('is what is reached from the start over all that was learned, and says when it changed', () => {
    fc.assert(
      fc.property(learned, fc.nat(locals - 1), (events, shutOut) => {
        const own = Array.from({ length: locals }, () => 0n);
        const edges: { from: number; to: number }[] = [];
        let count = 0;
        const reach = new Reach(
          [],
          {
            count: () => count,
            begins: (local) => ({ atoms: own[local] as bigint, shutOut: local === shutOut }),
            to: (local) => edges.filter(({ from }) => from === local).map(({ to }) => to),
            from: (local) => edges.filter(({ to }) => to === local).map(({ from }) => from),
          },
          (set) => Number(set),
        );
        for (const [version, { step, from, to }] of events.entries()) {
          const before = Array.from({ length: count }, (_, local) => reach.set(local));
          count = Math.max(count, from + 1, to + 1);
          if (step) {
            edges.push({ from, to });
            reach.edge(from, to, version);
          } else {
            own[from] = (own[from] as bigint) | (1n << BigInt(to));
            reach.more(from, version);
          }
          for (const [local, set] of before.entries()) expect(reach.changed[local] === version).toBe(reach.set(local) !== set);
          for (let local = 0; local < count; local++) expect(reach.number(local)).toBe(Number(reach.set(local)));
        }
        // Of a process that is kept where it is only what it had then counts: it was asked once.
        for (let local = 0; local < count; local++) {
          if (local === shutOut) continue;
          const seen = new Set([local]);
          for (const at of seen) if (at !== shutOut) for (const { from, to } of edges) if (from === at) seen.add(to);
          let all = 0n;
          for (const at of seen) all |= at === shutOut ? reach.set(at) : (own[at] as bigint);
          expect(reach.set(local)).toBe(all);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
