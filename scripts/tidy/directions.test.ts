import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cycleProblems, directionProblems, importsOf } from './directions.ts';
import { readSources } from './sources.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe('the sources of this repository', () => {
  const files = readSources(root);
  it('import only downwards and through doors', () => {
    expect(directionProblems(files)).toEqual([]);
  });
  it('have no import cycle', () => {
    expect(cycleProblems(files)).toEqual([]);
  });
  it('have no file that is too long to read', () => {
    expect(files.filter((file) => file.text.split('\n').length > 600).map((file) => file.path)).toEqual([]);
  });
});

describe('the direction check', () => {
  const problemsOf = (path: string, text: string) => directionProblems([{ path, text }]);

  it('refuses an import upwards, also of types', () => {
    expect(problemsOf('compiler/ir/a.ts', `import type { X } from '../../model/index.ts';`)).toEqual([
      'compiler/ir/a.ts imports model/index.ts: compiler may not import model',
    ]);
  });
  it('refuses a way past the door, except in tests', () => {
    const text = `import { x } from '../explorer/visited.ts';`;
    expect(problemsOf('checks/run.ts', text)).toEqual(['checks/run.ts imports explorer/visited.ts: go through explorer/index.ts']);
    expect(problemsOf('checks/run.test.ts', text)).toEqual([]);
  });
  it('tells imports of types from imports of values', () => {
    expect(problemsOf('scripts/a.ts', `import type { T } from '../explorer/index.ts';`)).toEqual([]);
    expect(problemsOf('scripts/a.ts', `import { type T, run } from '../explorer/index.ts';`)).toEqual([
      'scripts/a.ts imports explorer/index.ts: scripts may import only types of explorer',
    ]);
  });
  it('gives models the words of the subset and nothing else of the compiler', () => {
    expect(problemsOf('model/roots.ts', `import { wait } from '../compiler/subset/vocabulary.ts';`)).toEqual([]);
    expect(problemsOf('model/roots.ts', `import { lower } from '../compiler/subset/lower.ts';`)).toHaveLength(1);
  });
  it('sees re-exports and dynamic imports', () => {
    const imports = importsOf({ path: 'a/b.ts', text: `export * from './c.ts'; const d = await import('../d/e.ts');` });
    expect(imports.map((each) => each.to)).toEqual(['a/c.ts', 'd/e.ts']);
  });
});

describe('the cycle check', () => {
  it('prints the ring', () => {
    const files = [
      { path: 'x/a.ts', text: `import { b } from './b.ts';` },
      { path: 'x/b.ts', text: `import { a } from './a.ts';` },
    ];
    expect(cycleProblems(files)).toEqual(['import cycle: x/a.ts -> x/b.ts -> x/a.ts']);
  });
  it('counts imports of types', () => {
    const files = [
      { path: 'x/a.ts', text: `import type { B } from './b.ts';` },
      { path: 'x/b.ts', text: `import { a } from './a.ts';` },
    ];
    expect(cycleProblems(files)).toEqual(['import cycle: x/a.ts -> x/b.ts -> x/a.ts']);
  });
});
