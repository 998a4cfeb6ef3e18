/**
 * Who may import whom, and the check that nobody else does.
 *
 * In: the texts of the source files. Out: one sentence per import that is not allowed.
 * Never: deciding by what happens to work; an import that the table does not list is an error.
 *
 * An import into another folder goes through a *door* of it, so that what is inside can be moved freely.
 * Test files may reach past doors, but not against the direction.
 */
import { dirname, join } from 'node:path/posix';
import { parseSync } from 'oxc-parser';

export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}
export interface Import {
  readonly from: string;
  /** Path of the imported file, or the name of a package. */
  readonly to: string;
  /** Erased by the compiler: no code of `to` runs because of it. */
  readonly typeOnly: boolean;
}

type Permission = 'all' | 'types' | readonly string[];
/** The folder's own files are always allowed. A list of prefixes allows only these, whatever the doors are. */
const mayImport: Readonly<Record<string, Readonly<Record<string, Permission>>>> = {
  // The words that models are written with, and no more: a model can be read without knowing the compiler.
  model: { compiler: ['compiler/subset/vocabulary.ts', 'compiler/machine/schema.ts'] },
  properties: { compiler: ['compiler/subset/vocabulary.ts', 'compiler/machine/schema.ts'], model: ['model/'] },
  compiler: {},
  explorer: { compiler: 'all' },
  patches: { compiler: 'all', model: 'types' },
  counterexamples: { compiler: 'all', explorer: 'all' },
  checks: { model: 'all', properties: 'all', compiler: 'all', explorer: 'all', patches: 'all', counterexamples: 'all' },
  scripts: {
    checks: 'all',
    model: 'types',
    properties: 'types',
    compiler: 'types',
    explorer: 'types',
    patches: 'types',
    counterexamples: 'types',
  },
};
export const folders: readonly string[] = Object.keys(mayImport);

/** One sentence per import against the table, in the order of the files. */
export function directionProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => importsOf(file).flatMap((each) => problemOf(each) ?? []));
}

/** Each ring of files that import each other, as one sentence. Imports of types count: a reader has to follow them, too. */
export function cycleProblems(files: readonly SourceFile[]): string[] {
  const edges = new Map(files.map((file) => [file.path, importsOf(file).map((each) => each.to)]));
  const done = new Set<string>();
  const problems: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      problems.push(`import cycle: ${[...trail.slice(start), path].join(' -> ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return problems;
}

/** Every import, re-export and dynamic import with a literal name. */
export function importsOf(file: SourceFile): Import[] {
  const { module } = parseSync(file.path, file.text);
  const made = (name: string, typeOnly: boolean): Import => ({ from: file.path, to: resolve(file.path, name), typeOnly });
  const imports = module.staticImports.map((each) =>
    made(each.moduleRequest.value, each.entries.length > 0 && each.entries.every((entry) => entry.isType)),
  );
  const exports = module.staticExports
    .flatMap((each) => each.entries)
    .flatMap((entry) =>
      entry.moduleRequest === null || entry.moduleRequest === undefined ? [] : [made(entry.moduleRequest.value, entry.isType)],
    );
  const dynamic = module.dynamicImports.flatMap((each) => {
    const written = file.text.slice(each.moduleRequest.start, each.moduleRequest.end);
    return /^['"].*['"]$/.test(written) ? [made(written.slice(1, -1), false)] : [];
  });
  return [...imports, ...exports, ...dynamic];
}

function resolve(from: string, name: string): string {
  return name.startsWith('.') ? join(dirname(from), name) : name;
}

function problemOf({ from, to, typeOnly }: Import): string | null {
  const source = folderOf(from);
  const target = folderOf(to);
  if (source === null || target === null || source === target) return null;
  const permission = mayImport[source]?.[target];
  if (permission === undefined) return `${from} imports ${to}: ${source} may not import ${target}`;
  if (Array.isArray(permission)) {
    const allowed = (permission as readonly string[]).some((prefix) => to.startsWith(prefix));
    return allowed ? null : `${from} imports ${to}: of ${target}, ${source} may import only ${permission.join(', ')}`;
  }
  if (permission === 'types' && !typeOnly && !isTest(from)) return `${from} imports ${to}: ${source} may import only types of ${target}`;
  if (!isTest(from) && !isDoor(target, to)) return `${from} imports ${to}: go through ${target}/index.ts`;
  return null;
}

function folderOf(path: string): string | null {
  const [first = ''] = path.split('/');
  return Object.hasOwn(mayImport, first) ? first : null;
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/testing/');
}

/** The compiler has more doors: its contracts, which hold no code, and the words that models and machines are written with. */
function isDoor(folder: string, path: string): boolean {
  return path === `${folder}/index.ts` || (folder === 'compiler' && compilerDoors.includes(path));
}
const compilerDoors: readonly string[] = [
  'compiler/ir/types.ts',
  'compiler/program/types.ts',
  'compiler/description.ts',
  'compiler/faults.ts',
  'compiler/system.ts',
  'compiler/machine/layout.ts',
  'compiler/machine/schema.ts',
  'compiler/subset/vocabulary.ts',
  'compiler/packageRoot.ts',
];
