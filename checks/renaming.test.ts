import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { tablesToRename } from '../explorer/index.ts';
import { differencesByRenaming } from '../explorer/testing/sameUpToRenaming.ts';
import { scenarios } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';

/** A few whose spaces are small and that save something, of each kind of verdict. By hand: all (`MMUCHECK_RENAMING=all`), which takes minutes. */
const few = ['3.1 C order', '3.1 D unchecked', '3.1 D fixed', '3.1 E fixed', '3.2 B posted', '2.21 shadow unsynced'];
const all = process.env['MMUCHECK_RENAMING'] === 'all';

describe('scenarios whose shadow pages may be renamed', () => {
  const choices = scenarios.flatMap((scenario) => scenario.variants.map((variant) => ({ scenario, variant, preset: 'small' as const })));
  const named = choices.map((choice) => ({ choice, name: `${choice.scenario.name} ${choice.variant.name}` }));
  it.each(named.filter(({ name }) => all || few.includes(name)))(
    '$name says the same, with the same states up to renaming',
    ({ choice }) => {
      const system = compileSystem(describeSystem(choice));
      const decisions = tablesToRename(system).map(({ decision }) => decision);
      if (!all) expect(decisions).toContain('declared');
      expect(differencesByRenaming(system, 110_000)).toEqual([]);
    },
  );
  it('are named here as they are there', () => {
    expect(named.filter(({ name }) => few.includes(name)).length).toBe(few.length);
  });
});
