/**
 * A module of text in the small language: of the generated code of a system, and of what is put beside it.
 *
 * In: a tree, a memory, what it imports. Out: its exports. Never: a module that was not checked by the engine.
 */
import { encodeModule } from './encode.ts';
import { typeOf } from './expressionWriter.ts';
import { generateFunction, signatureOf } from './generate.ts';
import { type Exports, pageBytes, webAssembly } from './host.ts';
import { inlineCalls } from './inline.ts';
import type { ModuleMemory } from './memory.ts';
import { findRanges } from './ranges.ts';
import { type Imports, readModule } from './read.ts';
import { isWord, type ModuleTree, NotInLanguage, type Words, word } from './tree.ts';

/** Numbers what is in the tree, and makes a module of it. */
export function instantiate(read: ModuleTree, { memory, pagesMost }: ModuleMemory, imports: Readonly<Record<string, unknown>>): Exports {
  const module = inlineCalls(read);
  findRanges(module);
  const imported = module.functions.filter((tree) => tree.imported);
  const written = module.functions.filter((tree) => !tree.imported);
  [...imported, ...written].forEach((tree, k) => {
    tree.index = k;
  });
  module.globals.forEach((variable, k) => {
    variable.index = k;
  });
  const bytes = encodeModule({
    imported: imported.map((tree) => ({ name: tree.name, signature: signatureOf(tree) })),
    functions: written.map(generateFunction),
    globals: module.globals.map(({ range, initial }) => ({ type: typeOf(range), initial })),
    table: module.table.slice(1).map((tree) => (tree === null ? 0 : tree.index)),
    pages: [memory.buffer.byteLength / pageBytes, pagesMost],
  });
  const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory, ...imports } });
  for (const tree of written)
    if (tree.exported && !isWord(tree.result.range)) throw new NotInLanguage(`results of 64 bits, of ${tree.name}`);
  return exports;
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
  const exports = instantiate(module, memory, imports);
  const names = module.functions.filter((tree) => tree.exported).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, exportOf(exports, name)]));
}
