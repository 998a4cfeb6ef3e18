import { describe, expect, it } from 'vitest';
import { explore } from '../explore.ts';
import { shortestTrace } from '../graph.ts';
import { compileToy, peterson, turns } from '../toys/index.ts';

describe('progress of toys', () => {
  it.each([
    ['queues', 'holds'],
    ['tries', 'violated'],
    ['hesitates', 'violated'],
    ['hesitatesFairly', 'holds'],
    ['givesUp', 'violated'],
  ] as const)('the first of two threads %s: %s', (first, status) => {
    for (const merge of [true, false]) {
      const system = compileToy(turns(first), { merge });
      const result = explore(system);
      expect(result.outcomes.find(({ id }) => id === 'served')?.status).toBe(status);
      expect(result.verdict).toBe(status);
    }
  });

  it('a lasso closes: the state at the start of the loop is the one at its end, and something is owed all along', () => {
    const system = compileToy(turns('tries'));
    const path = shortestTrace(explore(system), 'served');
    if (path?.loopStart === undefined) throw new Error('no loop');
    const { buffer, words } = system;
    buffer.set(path.initial, 0);
    const states = path.labels.map((label) => {
      expect(system.step(0, label, words)).toBe(0);
      buffer.copyWithin(0, words, 2 * words);
      system.check(0);
      return { text: buffer.slice(0, words).join(), owed: system.reachedMask() === 1 };
    });
    const loop = states.slice(path.loopStart - 1);
    const before = path.loopStart === 1 ? path.initial.join() : states[path.loopStart - 2]?.text;
    expect(loop.at(-1)?.text).toBe(before);
    expect(loop.every(({ owed }) => owed)).toBe(true);
    // Both threads step in it: nobody is treated unfairly.
    expect(new Set(path.labels.slice(path.loopStart - 1).map((label) => label & 0xff))).toEqual(new Set([0, 1]));
  });

  it("Peterson's algorithm serves both", () => {
    const toy = peterson(true);
    const progress = { kind: 'progress', id: 'served', name: 'served', predicate: 'firstWaits' } as const;
    expect(
      explore(compileToy({ ...toy, properties: [...toy.properties, progress] })).outcomes.find(({ id }) => id === 'served')?.status,
    ).toBe('holds');
  });

  it('is not judged with fingerprints, nor after a limit, and says so', () => {
    const hashed = explore(compileToy(turns('tries')), { mode: 'fingerprint' });
    expect(hashed.outcomes.find(({ id }) => id === 'served')).toMatchObject({
      status: 'incomplete',
      undecided: expect.stringMatching(/fingerprints/),
    });
    expect(hashed.verdict).toBe('incomplete');
    expect(explore(compileToy(turns('tries')), { limits: { states: 2 } }).verdict).toBe('incomplete');
  });
});
