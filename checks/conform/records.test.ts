import { describe, expect, it } from 'vitest';
import { treeOf } from '../../patches/index.ts';
import { type Abstraction, abstractions as declared } from './abstractions.ts';
import { Records } from './records.ts';

const position = { file: 'model/f.ts', line: 1, column: 1, language: 'typescript' } as const;
const source = (name: string) => ({ name, file: 'f.c', line: 1, procedure: null }) as unknown as Parameters<Records['has']>[0];
const one: Abstraction = { functions: ['f'], leaves: { what: 'result', model: 0, tree: 1 }, because: 'nobody looks at it, in this test' };
const tree = treeOf('some tree', (path) => (path.endsWith('mmu.c') ? '' : null));
const all = { scenarios: ['2.2'], interrupted: false };

describe('records', () => {
  it('tell a declared difference that nothing needed, if everything was tried', () => {
    const records = new Records(tree, [one]);
    records.has(source('f'), position);
    records.entry('f', '2.2');
    expect(records.report({ ...all, whole: true }).unused).toEqual(['f: result 1 where the model has 0: nobody looks at it, in this test']);
    expect(records.report({ ...all, whole: false }).unused).toEqual([]);
    records.need(one, 'f');
    expect(records.report({ ...all, whole: true })).toMatchObject({
      unused: [],
      functions: [{ verdict: 'same', abstracted: [expect.any(String)] }],
    });
  });

  it('say which declared differences hold: those of what is compared, and of its parts unless they are for it alone', () => {
    const records = new Records(tree, [one, { ...one, functions: ['g'], alone: true }]);
    expect(records.abstractionsOf('g', new Set(['f'])).length).toBe(2);
    expect(records.abstractionsOf('f', new Set(['g']))).toEqual([one]);
    expect(records.abstractionsOf('h', new Set(['f', 'g']))).toEqual([one]);
  });

  it('give the worst that is known of each function', () => {
    const records = new Records(tree, []);
    for (const name of ['open', 'never', 'misfit', 'part']) records.has(source(name), position);
    records.entry('open', '2.2');
    records.open('open', 'a limit');
    records.misfit('misfit', 'takes other parameters');
    records.misfit('part', 'takes other parameters');
    records.within('open', new Set(['part', 'nobody']));
    const { functions, counts } = records.report({ ...all, whole: true });
    expect(functions.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['open', 'incomplete'],
      ['never', 'not reached'],
      ['misfit', 'not comparable'],
      ['part', 'within callers'],
    ]);
    expect(counts).toMatchObject({ incomplete: 1, same: 0, differs: 0, 'not reached': 1 });
  });
});

describe('declared differences', () => {
  it('each say why, and of which functions', () => {
    for (const { functions, because } of declared) {
      expect(functions.length).toBeGreaterThan(0);
      expect(because).toMatch(/^[^A-Z].{20,}$/);
    }
  });
});
