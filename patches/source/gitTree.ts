/**
 * Files of a revision, and the patches of a range, out of a git repository.
 *
 * In: a directory inside a git repository, and revisions as a person types them. Out: texts. Never: a shell, a hook, a filter or
 * another program that the repository's configuration names; the network; a write; the work tree's own files.
 *
 * git itself is asked, by its plumbing commands, which ignore what users configure for their eyes. Why not a library: docs/decisions/patch-inputs.md.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { readPatchText } from '../mail/patchText.ts';
import type { SeriesPatch } from '../mail/series.ts';
import { printable, UnreadableInput } from '../mail/unreadable.ts';
import { type KernelTree, sourceLimit, treeOf } from '../tree/kernelTree.ts';

/** Longest answer of git that is read, in bytes: the diff of one commit. */
const answerLimit = 8 * 1024 * 1024;
/** For one question, in milliseconds. */
const timeLimit = 60_000;
/** More commits than any series has. */
export const commitLimit = 200;

/** A commit's full name. */
type Commit = string;

/** The tree of `revision` in the repository around `directory`. Throws `UnreadableInput`. */
export function gitTree(directory: string, revision: string): KernelTree {
  const commit = commitOf(directory, revision);
  const prefix = ask(directory, ['rev-parse', '--show-prefix']).trim();
  const known = new Map<string, string | null>();
  const read = (path: string): string | null => {
    const old = known.get(path);
    if (old !== undefined) return old;
    const text = blob(directory, commit, `${prefix}${path}`);
    known.set(path, text);
    return text;
  };
  return treeOf(basename(realpathSync(directory)), read);
}

/** What a range names. */
export interface CommitRange {
  readonly base: Commit;
  readonly patches: readonly SeriesPatch[];
  /** Names of the commits, shortened, in the order of `patches`. */
  readonly commits: readonly string[];
  /** Sentences about what is left out. */
  readonly notes: readonly string[];
  /** The diffs, by the name that each patch has as its file. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The commits of `range` (`A..B`) as patches, oldest first, and what they are based on. Merges have no diff of their own, and are left out. */
export function gitRange(directory: string, range: string): CommitRange {
  const [, from = '', to = ''] = /^(.{1,200}?)\.\.([^.].{0,199})?$/.exec(range) ?? [];
  if (from === '' || range.includes('...')) throw new UnreadableInput('missing', range, null, 'is no range of commits: write A..B');
  const [first, last] = [commitOf(directory, from), commitOf(directory, to === '' ? 'HEAD' : to)];
  const base = ask(directory, ['merge-base', first, last]).trim();
  const listed = ask(directory, [
    'rev-list',
    '--reverse',
    '--topo-order',
    '--parents',
    `--max-count=${commitLimit + 1}`,
    last,
    `^${first}`,
  ]);
  const all = listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
  if (all.length > commitLimit)
    throw new UnreadableInput('too-large', range, null, `holds more than ${commitLimit} commits: give a part of it`);
  if (all.length === 0) throw new UnreadableInput('no-diff', range, null, 'holds no commit: the second revision must be younger');
  const own = all.filter((names) => names.length === 2);
  const texts = new Map<string, string>();
  const patches: SeriesPatch[] = [];
  const commits: string[] = [];
  const notes: string[] = [];
  if (own.length < all.length) notes.push(`${all.length - own.length} merges in ${range} have no diff of their own, and are left out`);
  for (const [commit = ''] of own) {
    const short = commit.slice(0, 12);
    const text = diffOf(directory, commit);
    texts.set(short, text);
    try {
      patches.push({ text: readPatchText(short, text), number: null });
      commits.push(short);
    } catch (error) {
      if (!(error instanceof UnreadableInput) || error.reason !== 'no-diff') throw error;
      notes.push(`commit ${short} changes no text, and is left out`);
    }
  }
  if (patches.length === 0) throw new UnreadableInput('no-diff', range, null, 'holds no commit that changes text');
  return { base, patches, commits, notes, texts };
}

/** Subject and diff, as a mail has them. */
function diffOf(directory: string, commit: Commit): string {
  const message = ask(directory, ['cat-file', 'commit', commit]);
  const subject = message.slice(message.indexOf('\n\n') + 2).split('\n')[0] ?? '';
  const options = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/', '-U3'];
  const diff = ask(directory, ['diff-tree', '-p', '-r', '--no-commit-id', ...options, commit]);
  return `Subject: ${printable(subject, 200)}\n\n${diff}`;
}

/** The full name of the commit. Options and ranges are refused here, so that git is only ever given hashes. */
function commitOf(directory: string, revision: string): Commit {
  if (!/^[A-Za-z0-9_@][A-Za-z0-9_@{}^~./+-]{0,199}$/.test(revision) || revision.includes('..'))
    throw new UnreadableInput('missing', revision, null, 'is no name of a commit');
  const answer = run(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const name = answer.text?.trim() ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(name))
    throw new UnreadableInput(
      'missing',
      directory,
      null,
      `has no commit ${printable(revision, 60)}${answer.why === '' ? '' : ` (${answer.why})`}`,
    );
  return name;
}

/** A file of the commit; null if there is none, or no plain one. */
function blob(directory: string, commit: Commit, path: string): string | null {
  const entry = ask(directory, ['ls-tree', '--full-tree', '-l', '-z', commit, '--', path]);
  const match = /^100(?:644|755) blob ([0-9a-f]{40,64}) +(\d+)\t/.exec(entry);
  if (match === null) return null;
  if (Number(match[2]) > sourceLimit)
    throw new UnreadableInput(
      'too-large',
      path,
      null,
      `is larger than ${sourceLimit / 1024 / 1024} MB, as no source file of the kernel is`,
    );
  return ask(directory, ['cat-file', 'blob', match[1] ?? '']).replaceAll('\r\n', '\n');
}

function ask(directory: string, words: readonly string[]): string {
  const { text, why } = run(directory, words);
  if (text === null) throw new UnreadableInput('missing', directory, null, `git cannot read it (${why || 'no reason given'})`);
  return text;
}

function run(directory: string, words: readonly string[]): { text: string | null; why: string } {
  const safe = [
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'protocol.allow=never',
    'core.quotePath=false',
    'log.showSignature=false',
  ];
  const { status, stdout, stderr, error } = spawnSync(
    'git',
    ['--no-pager', '--no-replace-objects', '--literal-pathspecs', '-C', directory, ...safe.flatMap((one) => ['-c', one]), ...words],
    { shell: false, maxBuffer: answerLimit, timeout: timeLimit, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: environment() },
  );
  if (error !== undefined) {
    const code = 'code' in error ? String(error.code) : '';
    const why =
      code === 'ENOENT'
        ? 'git is not installed'
        : code === 'ENOBUFS'
          ? 'its answer is too large'
          : code === 'ETIMEDOUT'
            ? 'it took too long'
            : code;
    return { text: null, why };
  }
  return status === 0 ? { text: stdout, why: '' } : { text: null, why: printable(stderr.split('\n')[0] ?? '', 160) };
}

/** No variable of the caller leads git to another repository, and nothing may ask or fetch. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
}
