import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { explore } from '../explorer/index.ts';
import { compareWithAmple } from '../explorer/testing/sameWithAmple.ts';
import { scenarios } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';

/** A few whose spaces are small, of each kind of verdict and both engines. By hand: all (`MMUCHECK_AMPLE=all`), which takes minutes. */
const few = ['3.1 C order', '3.4 B stale', '3.4 C continued', '3.4 D v6.12', '3.5 A base', '3.5 B counter', '3.5 D v5.13'];
const all = process.env['MMUCHECK_AMPLE'] === 'all';

describe('scenarios searched with ample sets', () => {
  const choices = scenarios.flatMap((scenario) => scenario.variants.map((variant) => ({ scenario, variant, preset: 'small' as const })));
  const named = choices.map((choice) => ({ choice, name: `${choice.scenario.name} ${choice.variant.name}` }));
  it.each(named.filter(({ name }) => all || few.includes(name)))('$name says the same', ({ choice }) => {
    const compared = compareWithAmple(compileSystem(describeSystem(choice)), 1_000_000);
    expect(compared?.differences ?? []).toEqual([]);
    if (!all) expect(compared?.reduced).toBeLessThan(compared?.states ?? 0);
  });

  it('are named here as they are there', () => {
    expect(named.filter(({ name }) => few.includes(name)).length).toBe(few.length);
  });

  it('are reduced alike by every back end, and with renaming say the same, too', () => {
    const choice = named.find(({ name }) => name === '2.21 shadow unsynced')?.choice;
    if (choice === undefined) throw new Error('no such scenario');
    const description = describeSystem(choice);
    const system = compileSystem(description);
    const reduced = explore(system, { reductions: { ample: true } });
    const other = explore(compileSystem(description, { backEnd: 'wasm' }), { reductions: { ample: true } });
    expect([other.counts.states, other.counts.transitions]).toEqual([reduced.counts.states, reduced.counts.transitions]);
    const renamed = explore(system, { reductions: { ample: true, renaming: true } });
    const said = ({ outcomes }: typeof reduced) => outcomes.map(({ id, status, reached }) => ({ id, status, reached }));
    expect(said(renamed)).toEqual(said(reduced));
    expect(renamed.saved?.ample?.refused).toBeNull();
    expect(renamed.saved?.renaming?.refused).toBeNull();
    expect(renamed.counts.states).toBeLessThan(explore(system).counts.states);
  });
});
