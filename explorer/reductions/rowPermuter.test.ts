import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSystem, decodeMachine, type MachineState, parseSubsetOrThrow, type SystemDescription } from '../../compiler/index.ts';
import { packageRoot } from '../../compiler/packageRoot.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { explore } from '../explore.ts';
import { pathTo, replay, shortestTrace } from '../graph.ts';
import { friends, permutations, permuted } from '../testing/friends.ts';
import { differencesOf } from '../testing/sameUpToRenaming.ts';
import { symmetricSystem } from '../testing/symmetric.ts';
import { compileToy, describeToy, twoPhaseCommit } from '../toys/index.ts';
import type { FixedCells } from './fixedCells.ts';
import { RenamingLost } from './lost.ts';
import { renamedSearch } from './renamed.ts';
import { Renaming, type Spoil, tablesToRename } from './renaming.ts';

const renaming = { reductions: { renaming: true } } as const;
/** Two-phase commit with another text. */
function changed(managers: number, from: string, to: string): SystemDescription {
  const description = describeToy(twoPhaseCommit(managers));
  const path = 'explorer/toys/procedures/twoPhaseCommit.ts';
  const text = readFileSync(join(packageRoot(), path), 'utf8');
  expect(text).toContain(from);
  const procedures = parseSubsetOrThrow([{ path, text: text.replaceAll(from, to) }], description);
  const processes = description.processes.map((process) =>
    process.procedure === 'receiveAbort' && procedures.get('receiveAbort')?.params.length === 2
      ? { ...process, args: [...process.args, 1] }
      : process,
  );
  return { ...description, procedures, processes };
}

/** Written without the renamer. */
function leastOf({ tables }: MachineState, managers: number): string {
  const state = (table: string, field: string) => tables[table]?.[field] as readonly number[];
  const rows = Array.from({ length: managers }, (_, row) =>
    [state('managers', 'state')[row], ...['known', 'preparedSent'].map((set) => ((state('protocol', set)[0] ?? 0) >> row) & 1)].join(),
  );
  return JSON.stringify([rows.toSorted(), ...['coordinator', 'commitSent', 'abortSent'].map((field) => state('protocol', field))]);
}

describe('two-phase commit', () => {
  it.each([
    [3, 288, 80],
    [5, 8_832, 314],
    [7, 296_448, 920],
  ])('with %i managers: of %i states %i are left', (managers, _, left) => {
    const system = compileToy(twoPhaseCommit(managers));
    expect(tablesToRename(system).map(({ decision }) => decision)).toEqual(['proven']);
    const { counts, verdict, saved } = explore(system, renaming);
    expect([counts.states, verdict, saved?.renaming?.refused]).toEqual([left, 'holds', null]);
  });

  it.each([3, 4])('has as many as there are classes of states, says an oracle (%i managers)', (managers) => {
    const system = compileToy(twoPhaseCommit(managers));
    const whole = explore(system);
    const reduced = explore(system, renaming);
    const form = (words: Int32Array) => leastOf(decodeMachine(system.layout, words, 0), managers);
    const classes = new Set(Array.from({ length: whole.counts.states }, (_, id) => form(whole.graph.wordsOf(id))));
    expect(new Set(Array.from({ length: reduced.counts.states }, (_, id) => form(reduced.graph.wordsOf(id))))).toEqual(classes);
    expect(reduced.counts.states).toBe(classes.size);
    expect(differencesOf(system, whole, reduced)).toEqual([]);
  });

  it('leads to every state by a run of the system as it is, and to violations too', () => {
    const system = compileSystem(changed(4, 'assume(protocol.known === ALL_MANAGERS);', ''));
    const [whole, reduced] = [explore(system), explore(system, renaming)];
    expect(reduced.counts.states).toBeLessThan(whole.counts.states);
    for (let id = 0; id < reduced.counts.states; id++) expect(replay(system, pathTo(reduced, id))).toEqual(reduced.graph.wordsOf(id));
    const [before, after] = [whole, reduced].map((result) => shortestTrace(result, 'consistent'));
    expect(after?.labels.length).toBe(before?.labels.length);
    system.buffer.set(replay(system, after as NonNullable<typeof after>), 0);
    expect(system.check(0)).toBe(1);
  });

  it.each(['wasm', 'interpreter'] as const)('says the same in another back end (%s)', (backEnd) => {
    const [here, there] = [{}, { backEnd }].map((options) => explore(compileToy(twoPhaseCommit(3), options), renaming));
    expect(there?.counts).toMatchObject({ states: here?.counts.states, transitions: here?.counts.transitions });
    expect(there?.outcomes).toEqual(here?.outcomes);
  });
});

describe('people who refer to each other', () => {
  const system = compileSystem(friends(3));
  const whole = explore(system, { limits: { states: 200_000 } });
  const all = Array.from({ length: whole.counts.states }, (_, id) => whole.graph.wordsOf(id));

  it('are alike, and get fewer', () => {
    expect(tablesToRename(system)).toMatchObject([{ table: 'people', decision: 'proven' }]);
    const reduced = explore(system, renaming);
    expect([reduced.counts.states, whole.exhausted, reduced.saved?.renaming?.refused]).toEqual([11_739, true, null]);
    expect(differencesOf(system, whole, reduced)).toEqual([]);
    for (let id = 0; id < reduced.counts.states; id += 29) expect(replay(system, pathTo(reduced, id))).toEqual(reduced.graph.wordsOf(id));
  });

  it('change places in states as an oracle has it, and states are one exactly if they are permutations of each other', () => {
    const renamer = new Renaming(system);
    const orders = permutations(3);
    const formOf = new Map<string, string>();
    for (const [id, state] of all.entries()) {
      // Of each class some.
      if (id % 5 !== 0) continue;
      const images = orders.map((to) => {
        const image = state.slice();
        renamer.apply(image, [Int32Array.from(to)]);
        if (id % 35 === 0) expect(decodeMachine(system.layout, image, 0)).toEqual(permuted(decodeMachine(system.layout, state, 0), to));
        return image.join();
      });
      const form = state.slice();
      renamer.rename(form, 0);
      expect(images).toContain(form.join());
      const least = images.toSorted()[0] as string;
      expect(formOf.get(least) ?? form.join()).toBe(form.join());
      formOf.set(least, form.join());
    }
    expect(new Set(formOf.values()).size).toBe(formOf.size);
  });

  it('and are so many that not all orders are tried, lose nothing but states', () => {
    const many = compileSystem(friends(5));
    const limits = { states: 20_000 };
    const reduced = explore(many, { ...renaming, limits });
    expect(reduced.saved?.renaming?.refused).toBe(null);
    for (let id = 0; id < reduced.counts.states; id += 997) expect(replay(many, pathTo(reduced, id))).toEqual(reduced.graph.wordsOf(id));
  });
});

const receive = 'export function receiveCommit(manager: Manager): void {';
const loop = 'for (let k: u32 = 0; k < MANAGERS; k++) {';
describe('two-phase commit is refused', () => {
  it.each([
    ['where a manager asks whether it is the first', 'if (chooseBool', 'if (indexOf(manager) !== 0 && chooseBool', /names row 0/],
    ['where managers are in an order', 'if (chooseBool', 'if (indexOf(manager) < 2 && chooseBool', /takes a row number for a plain number/],
    ['where the property asks for one', 'if (state === COMMITTED)', 'if (k === 1 && state === COMMITTED)', /names row 1/],
    ['where the property asks for some', loop, loop.replace('= 0', '= 1'), /uses k as a plain number and as a row number/],
    [
      'where a set is a number',
      'assume(protocol.known === ALL_MANAGERS);',
      'assume(protocol.known >= 3);',
      /uses protocol.known as a set number and as a plain number/,
    ],
    [
      'where a set has one certain bit',
      'assume(protocol.known === ALL_MANAGERS);',
      'assume((protocol.known & 2) !== 0);',
      /uses protocol.known as a set number and as a plain number/,
    ],
    [
      'where the number of a manager may be 0 because nothing set it',
      receive,
      `${receive}\n let k: u32; if (chooseBool('some')) k = choose('manager', MANAGERS); managers[rowAt(managers, k)].state = 0;`,
      /may use k as a row before it is set/,
    ],
    [
      'where a process begins with the number of a row',
      'export function receiveAbort(manager: Manager): void {',
      'export function receiveAbort(manager: Manager, k: u32): void {\n  managers[rowAt(managers, k)].state = 0;',
      /uses k of receiveAbort as a plain number and as a row number|takes a plain number for a row number|uses k as/,
    ],
    [
      'where a choice is of a manager or none',
      "choose('manager', MANAGERS)",
      "choose('manager', MANAGERS + 1)",
      /chooses a row of managers and something else/,
    ],
  ] as const)('%s', (_, from, to, message) => {
    const [decision] = tablesToRename(compileSystem(changed(3, from, to)));
    expect(decision?.decision).toBe('refused');
    expect(decision?.reason).toMatch(message);
  });
  it('where rounds of a loop know of each other', () => {
    const text = changed(3, 'if (state === ABORTED) aborted = true;', 'if (committed && state === ABORTED) aborted = true;');
    expect(tablesToRename(compileSystem(text))[0]?.reason).toMatch(/goes through the rows of managers in their order: committed /);
    const left = changed(3, 'if (state === ABORTED) aborted = true;', 'if (state === ABORTED) { aborted = true; break; }');
    expect(tablesToRename(compileSystem(left))[0]?.reason).toMatch(
      /goes through the rows of managers in their order: a round may be the last/,
    );
  });
  it('where the number of a manager is kept while others run', () => {
    const [decision] = tablesToRename(compileToy(twoPhaseCommit(2), { merge: false }));
    expect(decision?.reason).toBe('manager of transactionManager keeps the number of a row while others run');
  });
  it('where one manager has a process more than the others', () => {
    const description = describeToy(twoPhaseCommit(2));
    const [first] = tablesToRename(compileSystem({ ...description, processes: description.processes.toSpliced(1, 1) }));
    expect(first?.reason).toBe('no two rows have the same processes');
  });
});

/** Runs with a renaming that is wrong on purpose; null: it was refused. */
function noticed(description: SystemDescription, spoil: Spoil): boolean | null {
  const system = compileSystem(description);
  const whole = explore(system, { limits: { states: 3000 } });
  if (whole.cuts.some(({ kind }) => kind !== 'bound')) return null;
  const wrong = new Renaming(system, spoil);
  if (!wrong.permutes) return null;
  try {
    const search = renamedSearch(system, wrong);
    return differencesOf(system, whole, search.finish(explore(search.system))).length > 0;
  } catch (error) {
    if (error instanceof RenamingLost || error instanceof RangeError) return true;
    throw error;
  }
}

describe('random programs with a process for each row', () => {
  const recipes = fc.tuple(systemRecipes(propertyCount), fc.constantFrom(2, 2, 3), fc.constantFrom(1, 1, 2));
  const seed = { seed: 5, numRuns: 70 };

  it('say the same with renaming and without', () => {
    let proven = 0;
    let smaller = 0;
    fc.assert(
      fc.property(recipes, ([recipe, rows, bodies]) => {
        const system = compileSystem(symmetricSystem(recipe, rows, bodies));
        const decision = tablesToRename(system).find(({ table }) => table === 'cells');
        if (decision?.decision !== 'proven') return;
        const whole = explore(system, { limits: { states: 3000 } });
        if (whole.cuts.some(({ kind }) => kind !== 'bound')) return;
        const reduced = explore(system, renaming);
        if (reduced.saved?.renaming?.refused !== null) return;
        proven++;
        if (reduced.counts.states < whole.counts.states) smaller++;
        expect(differencesOf(system, whole, reduced)).toEqual([]);
        for (let id = 0; id < reduced.counts.states; id += 7)
          expect(replay(system, pathTo(reduced, id))).toEqual(reduced.graph.wordsOf(id));
      }),
      seed,
    );
    expect(proven).toBeGreaterThan(20);
    expect(smaller).toBeGreaterThan(10);
  });

  const without = (kinds: readonly string[]) => (cells: FixedCells) => ({
    ...cells,
    fields: cells.fields.filter(({ kind }) => !kinds.includes(kind)),
  });
  it.each<[string, Spoil]>([
    [
      'forgets a field of the rows',
      {
        fixed: (cells) => ({
          ...cells,
          units: cells.units.map((unit) => unit.slice(1)),
          plainParts: cells.plainParts.map((parts) => parts.slice(1)),
        }),
      },
    ],
    [
      'forgets where processes stand, and their frames',
      {
        fixed: (cells) => ({
          ...cells,
          units: cells.units.map((unit) => unit.slice(0, 6)),
          plainParts: cells.plainParts.map((parts) => parts.slice(0, 6)),
        }),
      },
    ],
    ['forgets who holds a lock', { fixed: without(['process']) }],
    ['forgets who reads under a lock', { fixed: without(['processes']) }],
  ])('are told from those of a renaming that %s', (_, spoil) => {
    const found = fc.sample(recipes, seed).some(([recipe, rows, bodies]) => noticed(symmetricSystem(recipe, rows, bodies), spoil) === true);
    expect(found).toBe(true);
  });
});

it('a table that is wrongly believed to be symmetric is noticed', () => {
  const asked = changed(
    3,
    'return !committed || !aborted;',
    'return managers[rowAt(managers, 0)].state !== ABORTED || managers[rowAt(managers, 2)].state !== WORKING;',
  );
  expect(noticed(asked, {})).toBe(null);
  expect(noticed(asked, { trusted: true })).toBe(true);
});
it('sets that are not renamed are noticed', () => {
  const fixed = (cells: FixedCells): FixedCells => ({ ...cells, fields: cells.fields.filter(({ kind }) => kind !== 'set') });
  expect(noticed(describeToy(twoPhaseCommit(3)), { fixed })).toBe(true);
  expect(noticed(describeToy(twoPhaseCommit(3)), {})).toBe(false);
});
