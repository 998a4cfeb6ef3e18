/**
 * Where the files are that are read at run time: model texts, properties, the C grammar, published schemas.
 *
 * In: nothing. Out: paths. Never: the working directory, which is the user's and says nothing about us.
 *
 * The same code runs from the sources (tests) and from `dist` (a build, an installed package), at different
 * depths, so the root is found by walking up to our own package.json.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/** The folder of mmucheck's package.json. Throws if this code was moved out of its package. */
export function packageRoot(): string {
  found ??= search(dirname(fileURLToPath(import.meta.url)));
  return found;
}

/**
 * A file that the build copies to `dist/assets`, e.g. `tree-sitter-c.wasm`; before any build it is taken
 * from the development dependency that brings it. Throws if it is in neither place.
 */
export function assetPath(name: 'tree-sitter-c.wasm'): string {
  const places = [join(packageRoot(), 'dist', 'assets', name), join(packageRoot(), 'node_modules', 'tree-sitter-c', name)];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new Error(`${name} is missing: run npm run build`);
  return path;
}

function search(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'mmucheck') return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('mmucheck cannot find its own package.json');
  return search(parent);
}
