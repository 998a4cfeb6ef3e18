/**
 * The generated part of the documentation: which files, and what stands in them.
 *
 * In: schemas, the model's data. Out: texts by path. Never: a page that is written by hand beside a generated one of its folder.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { corpusReadme, packageRoot, procedurePage, propertyPages, verdictPage } from '../checks/index.ts';
import { publishedSchemas } from './schemas.ts';

/** Folders that hold nothing else: what does not belong there goes. */
const folders = ['docs/schemas', 'docs/properties'];

/** Text of each generated file, by its path in the repository. */
export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ...[...publishedSchemas()].map(([file, text]) => [`docs/schemas/${file}`, text] as const),
    ...propertyPages(),
    ['docs/procedures.md', procedurePage()] as const,
    ['docs/verdicts.md', verdictPage()] as const,
    ['counterexamples/corpus/README.md', corpusReadme()] as const,
  ]);
}

/** Files of these folders that are not generated any more. */
export function leftOvers(): string[] {
  const wanted = generatedDocs();
  return folders
    .flatMap((folder) => readdirSync(join(packageRoot(), folder)).map((file) => `${folder}/${file}`))
    .filter((path) => !wanted.has(path));
}

/** Gives a line for each folder. */
export function writeDocs(): string[] {
  for (const folder of folders) mkdirSync(join(packageRoot(), folder), { recursive: true });
  for (const path of leftOvers()) rmSync(join(packageRoot(), path));
  const counts = new Map<string, number>();
  for (const [path, text] of generatedDocs()) {
    writeFileSync(join(packageRoot(), path), text);
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  return [...counts].map(([folder, count]) => `${folder}: ${count} ${count === 1 ? 'file' : 'files'}`);
}
