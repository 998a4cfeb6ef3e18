/**
 * Model text for the front end, found in the package from wherever it runs.
 *
 * In: paths relative to the package. Out: texts. Never: running them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { SubsetFile } from '../compiler/index.ts';
import { packageRoot } from '../compiler/packageRoot.ts';

/** TypeScript files below a folder of the package, sorted, without tests. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort();
}

/** One file of the package, as the front end takes it. `replacing`: its functions take the place of others of their name. */
export function sourceFile(path: string, functions: 'procedures' | 'replacing' = 'procedures'): SubsetFile {
  return { path, text: sourceText(path), functions };
}

/** The text itself; read once. */
export function sourceText(path: string): string {
  const known = texts.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(join(packageRoot(), path), 'utf8');
  texts.set(path, text);
  return text;
}
const texts = new Map<string, string>();

/** Names of the functions that a file declares at its top level, in order. */
export function functionNames(path: string): string[] {
  return functionTexts(path).map(({ name }) => name);
}

/** The same with their texts. */
export function functionTexts(path: string): { readonly name: string; readonly text: string }[] {
  const text = sourceText(path);
  return parseSync(path, text).program.body.flatMap((node) => {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    return declaration?.type === 'FunctionDeclaration' && declaration.id !== null
      ? [{ name: declaration.id.name, text: text.slice(declaration.start, declaration.end) }]
      : [];
  });
}
