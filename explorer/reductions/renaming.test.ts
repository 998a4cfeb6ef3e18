import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSystem, decodeMachine, type SystemDescription } from '../../compiler/index.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { explore } from '../explore.ts';
import { pathTo, replay } from '../graph.ts';
import { leastRenaming, objectNumbers, objectsToy } from '../testing/objects.ts';
import { classesOf, differencesByRenaming } from '../testing/sameUpToRenaming.ts';
import { renamedSearch } from './renamed.ts';
import { Renaming, tablesToRename } from './renaming.ts';
import type { RowCells } from './rowCells.ts';

describe('a toy whose objects are held in every way', () => {
  const description = objectsToy();
  const system = compileSystem(description);
  const whole = explore(system);

  it('may be renamed as declared, and gets smaller', () => {
    expect(tablesToRename(system).map(({ decision }) => decision)).toEqual(['declared', 'refused']);
    const reduced = explore(system, { reductions: { renaming: true } });
    expect(reduced.saved?.renaming).toMatchObject({ refused: null });
    expect(reduced.counts.states).toBeLessThan(whole.counts.states);
    expect(differencesByRenaming(system)).toEqual([]);
    expect(whole.verdict).toBe('violated');
  });

  it.each(['wasm', 'interpreter'] as const)('says the same in another back end (%s)', (backEnd) => {
    const reduced = explore(system, { reductions: { renaming: true } });
    const other = explore(compileSystem(description, { backEnd }), { reductions: { renaming: true } });
    expect(other.counts).toMatchObject({ states: reduced.counts.states, transitions: reduced.counts.transitions });
    expect(other.outcomes).toEqual(reduced.outcomes);
    expect([...other.coverage].map((count) => count > 0)).toEqual([...reduced.coverage].map((count) => count > 0));
  });

  it('puts states together only if one is a renaming of the other, says an oracle that tries all permutations', () => {
    const renaming = new Renaming(system);
    for (let id = 0; id < whole.counts.states; id++) {
      const state = whole.graph.wordsOf(id);
      const before = leastRenaming(decodeMachine(system.layout, state, 0));
      renaming.rename(state, 0);
      expect(leastRenaming(decodeMachine(system.layout, state, 0))).toBe(before);
      const once = state.slice();
      renaming.rename(once, 0);
      expect(once).toEqual(state);
    }
  });

  it('leads to every state by a run of the system as it is', () => {
    const reduced = explore(system, { reductions: { renaming: true } });
    const renaming = new Renaming(system);
    const forms = classesOf(system, whole).all;
    for (let id = 0; id < reduced.counts.states; id++) {
      const words = replay(system, pathTo(reduced, id));
      expect(words).toEqual(reduced.graph.wordsOf(id));
      const canonical = words.slice();
      renaming.rename(canonical, 0);
      expect(forms.has(canonical.join())).toBe(true);
    }
  });

  const spoilt =
    (kinds: readonly string[]) =>
    (cells: RowCells): RowCells => {
      const plain = (list: readonly RowCells['outside'][number][]) =>
        list.map((cell) => (kinds.includes(cell.kind) ? ({ ...cell, kind: 'plain' } as const) : cell));
      return {
        ...cells,
        outside: plain(cells.outside),
        rowCells: cells.rowCells.map(plain),
        processes: cells.processes.map((process) => (kinds.includes('frames') ? { ...process, plans: [] } : process)),
      };
    };
  it.each(['set', 'link', 'pointer', 'ref', 'frames'])('is told from one whose renamer forgets every %s', (kind) => {
    const renaming = new Renaming(system, { cells: spoilt([kind]) });
    const forms = new Set<string>();
    let wrong = 0;
    for (let id = 0; id < whole.counts.states; id++) {
      const state = whole.graph.wordsOf(id);
      const before = leastRenaming(decodeMachine(system.layout, state, 0));
      renaming.rename(state, 0);
      if (leastRenaming(decodeMachine(system.layout, state, 0)) !== before) wrong++;
      forms.add(state.join());
    }
    // What is in frames is no part of the oracle's view, but the space of a spoilt renamer is another one.
    if (kind !== 'frames') expect(wrong).toBeGreaterThan(0);
    else {
      const fine = classesOf(system, whole).all;
      expect([...forms].filter((form) => !fine.has(form)).length).toBeGreaterThan(0);
    }
  });
});

describe('what is refused', () => {
  const decisionOf = (description: SystemDescription) =>
    tablesToRename(compileSystem(description)).map(({ decision, reason }) => `${decision}: ${reason}`);
  it('is a table whose rows become numbers where nothing is declared', () => {
    const { rowNumbers: _, ...rest } = objectsToy();
    expect(decisionOf(rest)[0]).toMatch(/^refused: maker0 makes a number of a row/);
  });
  it('is a declaration that forgets a place', () => {
    expect(decisionOf({ ...objectsToy(), rowNumbers: [{ ...objectNumbers, sets: [] }] })[0]).toMatch(
      /^refused: a number made of a row goes into vm\.seen/,
    );
    expect(decisionOf({ ...objectsToy(), rowNumbers: [{ ...objectNumbers, links: [] }] })[0]).toMatch(/^refused: .*objects\.slots/);
  });
  it('is a search with fingerprints, said aloud', () => {
    const found = explore(compileSystem(objectsToy()), { mode: 'fingerprint', reductions: { renaming: true } });
    expect(found.saved?.renaming?.refused).toMatch(/fingerprints/);
  });
  it('is a search in which a free row is referred to: it runs again without', () => {
    const system = compileSystem(objectsToy());
    const { system: searched } = renamedSearch(system, new Renaming(system));
    const state = system.initialStates()[0] as Int32Array;
    const seen = system.layout.fields.get('vm.seen');
    if (seen === undefined) throw new Error('no field');
    system.buffer.set(state, 0);
    system.buffer[seen.main.word] = (system.buffer[seen.main.word] as number) | (7 << seen.main.shift);
    expect(() => searched.expand(0, system.words)).toThrow('a free row of objects is referred to');
  });
});

describe('random programs', () => {
  it('say the same with renaming and without', () => {
    let reduced = 0;
    let allowed = 0;
    fc.assert(
      fc.property(systemRecipes(propertyCount), (recipe) => {
        const description = lowerSystem(recipe);
        const system = compileSystem(description);
        const whole = explore(system, { limits: { states: 1500 } });
        if (!whole.exhausted) return;
        const few = explore(system, { reductions: { renaming: true } });
        if (few.saved?.renaming?.refused !== null) return;
        allowed++;
        if (few.counts.states < whole.counts.states) reduced++;
        expect(differencesByRenaming(system)).toEqual([]);
      }),
      { seed: 11, numRuns: 150 },
    );
    expect(allowed).toBeGreaterThan(20);
    expect(reduced).toBeGreaterThan(0);
  });
});
