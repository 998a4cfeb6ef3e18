import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { tablesToRename } from '../explorer/index.ts';
import { combinations } from '../explorer/testing/combinations.ts';
import { differencesByRenaming } from '../explorer/testing/sameUpToRenaming.ts';
import { scenarios } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';

/** A few whose spaces are small and that save something, of each kind of verdict. All of them: `MMUCHECK_RENAMING=all`, which takes long. */
const few = ['3.1 C order', '3.1 D unchecked', '3.1 D fixed', '3.1 E fixed', '3.2 B posted', '2.21 shadow unsynced'];
/** Few enough states to be searched unmerged, too. */
const unmerged = ['3.1 C fixed', '3.2 B posted'];
const all = process.env['MMUCHECK_RENAMING'] === 'all';

const choices = scenarios.flatMap((scenario) => scenario.variants.map((variant) => ({ scenario, variant, preset: 'small' as const })));
const named = choices.map((choice) => ({ choice, name: `${choice.scenario.name} ${choice.variant.name}` }));
const minutes = 60_000;

describe('scenarios whose shadow pages may be renamed', () => {
  it.each(named.filter(({ name }) => all || few.includes(name)))(
    '$name says the same, with the same states up to renaming',
    ({ choice }) => {
      const system = compileSystem(describeSystem(choice));
      const decisions = tablesToRename(system).map(({ decision }) => decision);
      if (!all) expect(decisions).toContain('declared');
      const wrong = differencesByRenaming(system, all ? 300_000 : 110_000);
      if (wrong !== null || !all) expect(wrong).toEqual([]);
    },
    10 * minutes,
  );
  it.each(named.filter(({ name }) => all || unmerged.includes(name)))(
    '$name says the same merged and unmerged, renamed and not',
    async ({ choice }) => {
      const compared = await combinations(describeSystem(choice), all ? 300_000 : 60_000, false);
      if (!all) expect(compared).not.toBeNull();
      expect(compared?.wrong ?? []).toEqual([]);
    },
    10 * minutes,
  );
  it('are named here as they are there', () => {
    expect(named.filter(({ name }) => few.includes(name)).length).toBe(few.length);
    expect(named.filter(({ name }) => unmerged.includes(name)).length).toBe(unmerged.length);
  });
});
