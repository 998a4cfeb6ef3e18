/**
 * A module of text in the small language: of the generated code of a system, and of what is put beside it.
 *
 * In: a tree, a memory, what it imports. Out: its exports. Never: a module that was not checked by the engine.
 */
import { encodeModule } from './encode.ts';
import { typeOf } from './expressionWriter.ts';
import { generateFunction, signatureOf } from './generate.ts';
import { type Exports, webAssembly } from './host.ts';
import { inlineCalls } from './inline.ts';
import type { ModuleMemory } from './memory.ts';
import { findRanges } from './ranges.ts';
import { type Imports, readModule } from './read.ts';
import { isWord, type ModuleTree, NotInLanguage, type Words, word } from './tree.ts';

/** A module without a memory, and who answers which question: plain data, which threads can send. */
export interface Translated {
  readonly module: object;
  readonly tests: readonly (readonly [process: number, resume: number, name: string])[];
  readonly blockers: readonly (readonly [process: number, resume: number, name: string])[];
}

/** Numbers what is in the tree, and makes a module of it for a memory that may grow to `pagesMost`. */
export function translate(read: ModuleTree, pagesMost: number): Translated {
  const module = inlineCalls(read);
  findRanges(module);
  const imported = module.functions.filter((tree) => tree.imported);
  const written = module.functions.filter((tree) => !tree.imported);
  [...imported, ...written].forEach((tree, k) => {
    tree.index = k;
  });
  module.globals.forEach((variable, k) => {
    variable.index = k + 1;
  });
  for (const tree of written)
    if (tree.exported && !isWord(tree.result.range)) throw new NotInLanguage(`results of 64 bits, of ${tree.name}`);
  const bytes = encodeModule({
    imported: imported.map((tree) => ({ name: tree.name, signature: signatureOf(tree) })),
    functions: written.map(generateFunction),
    globals: module.globals.map(({ range, initial }) => ({ type: typeOf(range), initial })),
    table: module.table.slice(1).map((tree) => (tree === null ? 0 : tree.index)),
    pages: [0, pagesMost],
  });
  return {
    module: new webAssembly.Module(bytes),
    tests: module.tests.map(([process, resume, { name }]) => [process, resume, name]),
    blockers: module.blockers.map(([process, resume, { name }]) => [process, resume, name]),
  };
}

/** Its own arrays are where the memory, or this part of it, begins. */
export function instantiate({ module }: Translated, { memory, from }: ModuleMemory, imports: Readonly<Record<string, unknown>>): Exports {
  return new webAssembly.Instance(module, { env: { memory, own: from, ...imports } }).exports;
}

export function exportOf(exports: Exports, name: string): (...args: readonly number[]) => number {
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`the module has no function ${name}`);
  return found as (...args: readonly number[]) => number;
}

const callable: Imports = [
  ['expand', ['b', 'out'], word],
  ['check', ['b'], word],
  ['reached', [], word],
];

/** Text that is put beside a system whose exports are `system`. */
export function link(
  text: string,
  arrays: ReadonlyMap<string, Words>,
  memory: ModuleMemory,
  system: Exports,
): Readonly<Record<string, (...args: readonly number[]) => number>> {
  const module = readModule(text, arrays, () => word, callable);
  const imports = Object.fromEntries(callable.map(([name]) => [name, system[name]]));
  const exports = instantiate(translate(module, memory.pagesMost), memory, imports);
  const names = module.functions.filter((tree) => tree.exported).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, exportOf(exports, name)]));
}
