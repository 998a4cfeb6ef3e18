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

/** What was judged, as the command line names it. */
export interface Judged {
  /** In the order of a series. */
  readonly files: readonly string[];
  readonly tree?: string | null;
  readonly base?: string | null;
  readonly range?: string | null;
  readonly bind?: string | null;
  /** Null: all. */
  readonly scenarios?: readonly string[] | null;
}

/** `judged`: what the trace was made with, if that was a patch. */
export function replayCommand(file: string, judged: Judged = { files: [] }): string {
  return command('replay', file, ...judged.files.flatMap((each) => ['--patch', each]), ...ofTree(judged));
}

/** The same judgement again, with its traces kept in a folder. */
export function judgeCommand(judged: Judged, folder: string): string {
  return command('patch', ...judged.files, ...ofTree(judged), ...ofSelection(judged), '--out', folder);
}

function ofTree({ tree, base, range, bind }: Judged): string[] {
  const given = { tree, base, range, bind };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined || value === null ? [] : [`--${name}`, value]));
}

function ofSelection({ scenarios }: Judged): string[] {
  return scenarios == null ? [] : ['--scenario', scenarios.join(',')];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
