/** Spin searches exported systems and must find what the explorer finds. Skipped where Spin is not installed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSystem, promelaOf } from '../../compiler/index.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { explore } from '../../explorer/index.ts';
import { compileToy, filterLock, peterson, philosophers, post, twoPhaseCommit } from '../../explorer/toys/index.ts';
import { type Scenario, scenarios } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { differences } from './compare.ts';
import { askSpin, readOpinion, spinInstalled } from './spin.ts';

/** A few of each engine, whose variants violate and hold, fault and end; `npm run compare:spin` runs all. */
const sample = ['2.2', '3.2 C', '3.3 E', '3.5 D'];
/** Of a scenario whose verifiers take the C compiler long. */
const variantsOf: Readonly<Record<string, readonly string[]>> = { '3.2 C': ['v6.0', 'both'] };
/** The C compiler's time is most of a test's. */
const quick = { compile: ['-O0'] };

describe.skipIf(!spinInstalled())('Spin agrees', { timeout: 300_000 }, () => {
  it.each([
    peterson(true),
    peterson(false),
    filterLock(3, true),
    philosophers(3, false),
    philosophers(3, true),
    post(2, true),
    post(2, false),
    twoPhaseCommit(4),
  ])('on the toy $name', (toy) => {
    const system = compileToy(toy);
    expect(differences(explore(system), askSpin(promelaOf(system), quick))).toEqual([]);
  });

  it.each(sample.map((name): [string, Scenario | undefined] => [name, scenarios.find((scenario) => scenario.name === name)]))(
    'on %s',
    (name, scenario) => {
      if (scenario === undefined) throw new Error('no such scenario');
      const variants = scenario.variants.filter((variant) => variantsOf[name]?.includes(variant.name) ?? true);
      expect(variants.length).toBeGreaterThan(0);
      for (const variant of variants) {
        const system = compileSystem(describeSystem({ scenario, variant, preset: 'small' }));
        expect({ variant: variant.name, differences: differences(explore(system), askSpin(promelaOf(system), quick)) }).toEqual({
          variant: variant.name,
          differences: [],
        });
      }
    },
  );
});

describe.skipIf(!spinInstalled())('Spin agrees on random programs', { timeout: 300_000 }, () => {
  it('with nested locks, waits, choices, rows that come and go', () => {
    const [runs = 6, seed = 1] = (process.env['MMUCHECK_RANDOM'] ?? '')
      .split(':')
      .filter((part) => part !== '')
      .map(Number);
    const faults = new Set<string>();
    let states = 0;
    fc.assert(
      fc.property(systemRecipes(propertyCount), fc.boolean(), (recipe, merge) => {
        const system = compileSystem(lowerSystem(recipe), { merge });
        const ours = explore(system, { limits: { states: 200_000 } });
        fc.pre(ours.cuts.every(({ kind }) => kind === 'bound'));
        const spin = askSpin(promelaOf(system), quick);
        states += spin.states;
        for (const id of spin.violated) faults.add(id);
        const found = differences(ours, spin);
        if (found.length > 0) throw new Error(found.join('\n'));
      }),
      { numRuns: runs, seed },
    );
    expect(states).toBeGreaterThan(100);
    expect(faults.size).toBeGreaterThan(0);
  });
});

describe('what Spin prints', () => {
  it('is refused if it does not say how many states there are', () => {
    expect(() => readOpinion('pan: out of memory')).toThrow(/not what Spin prints/);
  });
});
