/**
 * The source files of the repository as texts, for the checks on how they are written.
 *
 * In: the working tree. Out: paths and texts. Never: anything that is not ours (packages, builds).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './directions.ts';
import { folders } from './directions.ts';

/** All TypeScript files of the top folders, sorted by path. */
export function readSources(root: string): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/[\\/]fixtures[\\/]/.test(file))
      .sort()
      .map((file) => ({ path: `${folder}/${file.replaceAll('\\', '/')}`, text: readFileSync(join(root, folder, file), 'utf8') })),
  );
}
