/**
 * Model text for the front end: which files make a system, and how a variant's functions take the place of others.
 *
 * In: paths relative to the package. Out: texts whose functions have different names. Never: running them.
 *
 * A function that a later file defines again is blanked out in the earlier ones, at equal length, so that
 * every position still points into the file as it is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { packageRoot } from '../compiler/packageRoot.ts';
import type { SubsetFile } from '../compiler/subset/parse.ts';

/** TypeScript files below a folder of the package, sorted, without tests. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort();
}

/** Layers of files, each of which may define functions of earlier layers anew. Within a layer nothing is replaced. */
export function readLayers(layers: readonly (readonly string[])[]): SubsetFile[] {
  const texts = layers.map((layer) => layer.map((path) => ({ path, text: readFileSync(join(packageRoot(), path), 'utf8') })));
  return layered(texts);
}

/** The same for texts at hand. */
export function layered(layers: readonly (readonly SubsetFile[])[]): SubsetFile[] {
  const replaced = new Set<string>();
  const kept: SubsetFile[][] = [];
  for (const layer of layers.toReversed()) {
    kept.unshift(layer.map((file) => ({ ...file, text: withoutFunctions(file, replaced) })));
    for (const file of layer) for (const name of functionNames(file)) replaced.add(name);
  }
  return kept.flat();
}

/** Names of the functions that a file declares at its top level. */
export function functionNames(file: SubsetFile): string[] {
  return functionsOf(file).map(({ name }) => name);
}

function withoutFunctions(file: SubsetFile, names: ReadonlySet<string>): string {
  let { text } = file;
  for (const { name, start, end } of functionsOf(file)) {
    if (names.has(name)) text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end);
  }
  return text;
}

function functionsOf(file: SubsetFile): { name: string; start: number; end: number }[] {
  const { program } = parseSync(file.path, file.text);
  return program.body.flatMap((node) => {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    if (declaration?.type !== 'FunctionDeclaration' || declaration.id === null) return [];
    return [{ name: declaration.id.name, start: node.start, end: node.end }];
  });
}
