import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSystem, type SystemDescription } from '../../../compiler/index.ts';
import { binary, bool, local, num, place, rowOf, strong, u32 } from '../../../compiler/random/irWords.ts';
import { lowerSystem } from '../../../compiler/random/lower.ts';
import { propertyCount } from '../../../compiler/random/properties.ts';
import { systemRecipes } from '../../../compiler/random/recipe.ts';
import { procedure, toySystem } from '../../../compiler/random/toySystem.ts';
import { explore } from '../../explore.ts';
import { compareWithAmple } from '../../testing/sameWithAmple.ts';
import { standIn } from '../../testing/standIn.ts';
import { compileToy, filterLock, peterson, philosophers, turns, twoPhaseCommit } from '../../toys/index.ts';
import type { AmpleError } from './clashes.ts';

const x0 = place('cells', 'x', rowOf('cells', 0));
const x1 = place('cells', 'x', rowOf('cells', 1));
const log = place('vm', 'log');
const cell = strong('cells');
const mutexA = place('vm', 'mutexA');
const locals = { t: u32, u: u32, b: bool };

/** More of them, or others, by hand: `MMUCHECK_RANDOM=2000:17` runs 2000 systems from seed 17. */
const [runs = 0, seed = 1] = (process.env['MMUCHECK_RANDOM'] ?? '')
  .split(':')
  .filter((part) => part !== '')
  .map(Number);

describe('random programs', () => {
  it('say the same with ample sets and without', () => {
    const seen = { compared: 0, reduced: 0, deadlock: 0 };
    fc.assert(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        const found = compareWithAmple(compileSystem(lowerSystem(recipe)), 1000);
        if (found === null) return;
        seen.compared++;
        if (found.reduced < found.states) seen.reduced++;
        if (found.differences.length > 0) throw new Error(found.differences.join('\n'));
      }),
      { seed: seed + 500, numRuns: runs === 0 ? 60 : runs },
    );
    expect(seen.compared).toBeGreaterThan(40);
    expect(seen.reduced).toBeGreaterThan(30);
  });

  it('say the same where nothing was learned before the search', () => {
    const seen = { again: 0, compared: 0 };
    fc.assert(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        const found = compareWithAmple(compileSystem(lowerSystem(recipe)), 1000, null, false);
        if (found === null) return;
        seen.compared++;
        if (found.again > 0) seen.again++;
        if (found.differences.length > 0) throw new Error(found.differences.join('\n'));
      }),
      { seed: seed + 700, numRuns: runs === 0 ? 60 : runs },
    );
    expect(seen.compared).toBeGreaterThan(40);
    expect(seen.again).toBeGreaterThan(10);
  });

  it('say the same unmerged, and with renaming', () => {
    let both = 0;
    fc.assert(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        const description = lowerSystem(recipe);
        expect(compareWithAmple(compileSystem(description, { merge: false }), 600)?.differences ?? []).toEqual([]);
        const system = compileSystem(description);
        const whole = explore(system, { limits: { states: 1000 } });
        if (whole.cuts.some(({ kind }) => kind !== 'bound')) return;
        const few = explore(system, { reductions: { renaming: true, ample: true } });
        if (few.saved?.renaming?.refused === null && few.saved.ample?.refused === null) both++;
        const said = ({ verdict, outcomes }: typeof whole) => [
          verdict,
          outcomes.map(({ id, status, reached }) => `${id} ${status} ${reached}`).toSorted(),
        ];
        expect(said(few)).toEqual(said(whole));
      }),
      { seed: seed + 600, numRuns: runs === 0 ? 40 : runs },
    );
    expect(both).toBeGreaterThan(5);
  });
});

describe('toys', () => {
  const toys = [
    twoPhaseCommit(5),
    peterson(true),
    peterson(false),
    filterLock(3, true),
    filterLock(3, false),
    philosophers(4, true),
    philosophers(4, false),
  ];
  it.each(toys)('$name says the same', (toy) => {
    expect(compareWithAmple(compileToy(toy), 50_000)?.differences).toEqual([]);
  });

  it('are reduced with fingerprints, too, though less', () => {
    const system = compileToy(philosophers(4, true));
    const whole = explore(system);
    const few = explore(system, { mode: 'fingerprint', reductions: { ample: true } });
    const exact = explore(system, { reductions: { ample: true } });
    expect(few.outcomes.map(({ id, status }) => [id, status])).toEqual(whole.outcomes.map(({ id, status }) => [id, status]));
    expect(few.counts.terminal).toBe(whole.counts.terminal);
    expect(few.counts.states).toBeLessThanOrEqual(whole.counts.states);
    expect(few.counts.states).toBeGreaterThanOrEqual(exact.counts.states);
  });

  it('that owe something are searched without, said aloud', () => {
    const system = compileToy(turns('queues'));
    const found = explore(system, { reductions: { ample: true } });
    expect(found.saved?.ample?.refused).toMatch(/comes at last/);
    expect(found.counts.states).toBe(explore(system).counts.states);
  });

  it('so is a system that was made by hand', () => {
    const system = standIn({ processes: ['essential'], initial: [[0]], steps: () => [] });
    expect(explore(system, { reductions: { ample: true } }).saved?.ample?.refused).toMatch(/does not say what its steps touch/);
  });
});

/**
 * One small system for each error, in which nothing but that error makes a difference.
 *
 * Of *daemons*: a process waits for ever, and two daemons go on for ever. The second step of the first, which nobody sees, can always come alone; then the
 * state is missing in which the second goes on before it, and as it is not known what leads out of that, nothing counts as a deadlock.
 */
const directed: Readonly<Record<Exclude<AmpleError, 'learning' | 'again'>, SystemDescription>> = {
  daemons: toySystem({
    processes: [
      { run: procedure('waits', (w) => [w.wait([w.load('b', place('cells', 'y', rowOf('cells', 0)))], local('b', bool))], { locals }) },
      {
        run: procedure(
          'goesRound',
          (w) => [
            w.loop('l', [
              w.wait([w.load('t', x1)], binary('==', local('t'), num(0))),
              w.store(x0, num(1)),
              w.preempt(),
              w.store(x0, num(0)),
            ]),
          ],
          { locals },
        ),
        daemon: true,
      },
      { run: procedure('blinks', (w) => [w.loop('l', [w.store(x1, num(1)), w.store(x1, num(0))])]), daemon: true },
    ],
  }),
  visibility: toySystem({
    processes: [x0, x1].map((x, k) => ({ run: procedure(`blink${k}`, (w) => [w.store(x, num(1)), w.store(x, num(0))]) })),
    procedures: [
      procedure('apart', (w) => [w.load('t', x0), w.load('u', x1), w.return(binary('!=', binary('+', local('t'), local('u')), num(2)))], {
        locals,
        result: bool,
      }),
    ],
    properties: [{ kind: 'state', id: 'apart', name: 'apart', predicate: 'apart', scope: { kind: 'always' } }],
  }),
  proviso: toySystem({
    processes: [
      { run: procedure('late', (w) => [w.preempt(), w.store(x0, num(1)), w.preempt(), w.assert(binary('==', num(0), num(1)), 'late')]) },
      { run: procedure('busy', (w) => [w.loop('l', [w.load('t', x1), w.store(x1, binary('+', local('t'), num(1)))])], { locals }) },
    ],
    properties: [{ kind: 'assertion', id: 'late', name: 'late' }],
  }),
  locks: toySystem({
    processes: [0, 1].map((k) => ({
      run: procedure(`taker${k}`, (w) => [
        w.acquire(mutexA),
        w.preempt(),
        w.acquire(place('vm', k === 0 ? 'mutexB' : 'rwPlain')),
        w.store(k === 0 ? x0 : x1, num(1)),
      ]),
    })),
  }),
  hooks: toySystem({
    processes: [x0, x1].map((x, k) => ({ run: procedure(`writes${k}`, (w) => [w.store(x, num(1))]) })),
    procedures: [
      procedure('record', (w) => [w.if(binary('==', local('row', cell), num(1, cell)), [w.store(log, num(1))], [w.store(log, num(2))])], {
        params: [
          { name: 'row', type: cell, mode: 'in' },
          { name: 'before', type: u32, mode: 'in' },
          { name: 'after', type: u32, mode: 'in' },
        ],
      }),
    ],
    hooks: [{ event: { on: 'write', table: 'cells', field: 'x' }, procedure: 'record' }],
  }),
  observers: toySystem({
    processes: [
      {
        run: procedure('asks', (w) => [w.query('b', mutexA, 'contended'), w.if(local('b', bool), [w.store(x1, num(1))])], { locals }),
      },
      { run: procedure('takes', (w) => [w.acquire(mutexA), w.store(x0, num(1)), w.release(mutexA)]) },
    ],
  }),
};

describe.each(Object.entries(directed))('without the rule of %s', (error, description) => {
  it('something is missed in its directed program, where nothing is missed otherwise', () => {
    const system = compileSystem(description);
    expect(compareWithAmple(system, 1000)?.differences).toEqual([]);
    expect(compareWithAmple(system, 1000, error as AmpleError)?.differences).not.toEqual([]);
  });
});

describe.each(['proviso', 'locks', 'observers', 'learning', 'again'] as const)('without the rule of %s', (error) => {
  it('random programs miss something', () => {
    const found = fc.check(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        const compared = compareWithAmple(compileSystem(lowerSystem(recipe)), 600, error, error !== 'again');
        return compared === null || compared.differences.length === 0;
      }),
      { seed: 7, numRuns: 300, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
