/**
 * Commands to paste: they work in the folder in which they were printed.
 *
 * In: words. Out: a line for a shell. Never: an absolute path, which a kept file would carry to where it means nothing.
 */
import { isAbsolute, relative } from 'node:path';

/** With `npx`, which finds this package in a clone and where it is installed. */
export function command(...words: readonly string[]): string {
  return ['npx', 'mmucheck', ...words.map((word) => quoted(isAbsolute(word) ? relative(process.cwd(), word) : word))].join(' ');
}

/** `patch`: what the trace was made with, if that was a patch. */
export function replayCommand(file: string, patch?: string): string {
  return command('replay', file, ...(patch === undefined ? [] : ['--patch', patch]));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
