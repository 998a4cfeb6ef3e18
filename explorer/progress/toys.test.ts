import { describe, expect, it } from 'vitest';
import { explore } from '../explore.ts';
import { replay, shortestTrace } from '../graph.ts';
import { compileToy, peterson, turns } from '../toys/index.ts';
import { wrongWithLoop } from './verify.ts';

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

  it.each([
    ['essential', 'holds'],
    // Which may stop for ever, in the critical section, too.
    ['daemon', 'violated'],
  ] as const)("Peterson's algorithm serves both, if they are %s: %s", (kind, status) => {
    const toy = peterson(true);
    const progress = { kind: 'progress', id: 'served', name: 'served', predicate: 'firstWaits' } as const;
    const system = compileToy({
      ...toy,
      processes: toy.processes.map((process) => ({ ...process, kind })),
      properties: [...toy.properties, progress],
    });
    const found = explore(system);
    expect(found.outcomes.find(({ id }) => id === 'served')?.status).toBe(status);
  });

  it.each(['tries', 'hesitates', 'givesUp'] as const)(
    'the lasso of a thread that %s is confirmed by itself, and no other loop is',
    (first) => {
      const system = compileToy(turns(first));
      const path = shortestTrace(explore(system), 'served');
      if (path === null) throw new Error('no lasso');
      const before = (path.loopStart ?? path.labels.length + 1) - 1;
      const start = replay(system, { initial: path.initial, labels: path.labels.slice(0, before) });
      const loop = path.labels.slice(before);
      expect(wrongWithLoop(system, start, loop, 0)).toBeNull();
      if (loop.length === 0) return;
      expect(wrongWithLoop(system, start, [], 0)).toMatch(/could always step|could get its lock/);
      expect(wrongWithLoop(system, start, loop.slice(1), 0)).not.toBeNull();
    },
  );

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
