import { expect, it } from 'vitest';
import { docsOfFile } from './procedureDocs.ts';
import { procedurePage } from './procedurePage.ts';
import { filesBelow, functionNames } from './sources.ts';

const page = procedurePage();
/** In the part of the page that is about the file. */
const rowOf = (name: string, file: string) =>
  page
    .split(`### [${file}]`)[1]
    ?.split('\n#')[0]
    ?.split('\n')
    .find((line) => line.startsWith(`| ${name}() |`));

it('has a row for every procedure, with what its comment says', () => {
  for (const folder of ['model/procedures', 'model/variants', 'model/tdp/procedures', 'model/tdp/variants'])
    for (const file of filesBelow(folder))
      for (const name of functionNames(file)) expect(rowOf(name, file), `${file} ${name}`).toBeDefined();
});

it('tells the functions of the kernel from those of the model', () => {
  expect(rowOf('is_obsolete_sp', 'model/procedures/zap.ts')).toMatch(/\| `is_obsolete_sp\(\)` \|/);
  expect(rowOf('fetch', 'model/procedures/fault.ts')).toMatch(/\| `FNAME\(fetch\)\(\)`/);
  expect(rowOf('child_gfn', 'model/procedures/fault.ts')).toMatch(/\| the model's own \|/);
  // A variant stands for what it replaces, and names its version.
  expect(rowOf('mmu_page_zap_pte', 'model/variants/2020-nested-zap/v58Rule.ts')).toMatch(/\| `mmu_page_zap_pte\(\)` \| 5\.8 \|/);
});

it('says which file of which kernel a file follows', () => {
  expect(page).toMatch(/Kernel: `arch\/x86\/kvm\/mmu\/tdp_mmu\.c`, 6\.8 to 6\.12/);
  expect(page).not.toMatch(/of the facts/);
});

it('reads a head and the comment above each function', () => {
  const docs = docsOfFile('model/procedures/zap.ts');
  expect(docs.head[0]).toMatch(/^Zapping shadow pages/);
  expect(docs.functions.find(({ name }) => name === 'is_obsolete_sp')?.text).toMatch(
    /^`is_obsolete_sp\(\)`: zapped, or of another generation/,
  );
});
