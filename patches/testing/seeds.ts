/**
 * For tests: the mails that the project was given. They lie outside the repository, and nothing of them is copied
 * into it; tests that need them are skipped, and say so, where they are not there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../compiler/packageRoot.ts';

const folder = process.env['MMUCHECK_SEEDS'] ?? join(packageRoot(), '..', 'shared', 'seeds');
const names = {
  recursion2020: '000_974830b906e6630e.txt',
  obsoleteRoots2021: '001_f2de24d06eb6426a.txt',
  sharedLock2023: '002_c522de3024df4326.txt',
  splitting2022: '003_f013380e2dbcb50c.txt',
  fastZap2013: '004_a70ab1cbf63387c9.txt',
} as const;

export const haveSeeds = Object.values(names).every((name) => existsSync(join(folder, name)));

/** The text of one of the mails, and its file's name. */
export function seed(which: keyof typeof names): { readonly file: string; readonly text: string } {
  return { file: names[which], text: readFileSync(join(folder, names[which]), 'utf8') };
}

/** `text` with `from` replaced, once. Throws if it is not there exactly once (or, with `last`, not at all). */
export function edited(text: string, from: string, to: string, which: 'only' | 'last' = 'only'): string {
  const at = which === 'last' ? text.lastIndexOf(from) : text.indexOf(from);
  if (at < 0 || (which === 'only' && text.indexOf(from, at + 1) >= 0)) throw new Error(`not there exactly once: ${from}`);
  return text.slice(0, at) + to + text.slice(at + from.length);
}
