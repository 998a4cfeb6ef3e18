/**
 * The diffs in a mail, an mbox or a plain diff: files, hunks, and what is to be said about them.
 */
import type { Candidate, HunkHeader, HunkLine } from './hunk.ts';
import { hunkHeader, readHunkBody } from './hunk.ts';
import type { MailLine } from './lines.ts';
import { mailLines, quoteDepth, unquote } from './lines.ts';
import { printable, UnreadableInput } from './unreadable.ts';

export interface Hunk {
  /** Number in the file that was read, from 1, over all diffs. */
  readonly number: number;
  /** Path after the change, without `b/`; of a file that is deleted, its path before. */
  readonly path: string;
  /** Path before the change, without `a/`; null: the file is new. */
  readonly oldPath: string | null;
  /** The file is gone after the change. */
  readonly deleted: boolean;
  readonly header: HunkHeader;
  /** Line of the header in the file that was read. */
  readonly line: number;
  readonly lines: readonly HunkLine[];
  readonly missing: { readonly old: number; readonly new: number };
  readonly surplus: number;
  readonly stripped: boolean;
  /** Quotation marks in front of the hunk's lines; 0 in a patch as sent. */
  readonly quoted: number;
}
/** What a diff does to a file beside its hunks. */
export interface FileChange {
  readonly path: string;
  readonly oldPath: string | null;
  readonly deleted: boolean;
  /** Line of the diff's header. */
  readonly line: number;
  /** It is binary, or only its mode or name changes: there is no text to look at. */
  readonly textless: boolean;
}
export interface PatchText {
  /** Name of the file that was read. */
  readonly file: string;
  /** Subject of the (last) mail, for headings; empty if there is none. */
  readonly subject: string;
  readonly hunks: readonly Hunk[];
  /** Every file whose diff the text has, in order; one that has several diffs is there several times. */
  readonly files: readonly FileChange[];
  /** What a reader should know: lost lines, edited counts, quotation. One sentence each. */
  readonly notes: readonly string[];
}

/** More hunks than any series has; a guard against hostile input. */
const hunkLimit = 5000;

/**
 * Reads every diff in `text`, whose first line is line `first` of the file. Throws `UnreadableInput` if there is none, or one
 * is cut off.
 */
export function readPatchText(file: string, text: string, first = 1): PatchText {
  const lines = mailLines(text, file, first);
  const hunks: Hunk[] = [];
  const notes: string[] = [];
  const paths = new Set<string>();
  const files: OpenFile[] = [];
  let path = null as OpenFile | null;
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (line === undefined) break;
    const depth = quoteDepth(line.text);
    const inner = unquote(line.text, depth).text;
    const named = pathOf(inner, lines[at + 1], depth);
    if (named !== null) {
      if (path !== null && path.hunks === 0 && !path.binary && path.name !== named.name) throw noHunk(file, path);
      if (path?.name !== named.name || inner.startsWith('diff ') || (path.hunks > 0 && depth === path.depth)) {
        path = { ...named, line: line.line, hunks: 0, binary: false, depth };
        files.push(path);
      } else if (!inner.startsWith('diff ')) {
        path.old = named.old;
        path.deleted = named.deleted;
      }
      paths.add(named.name);
    } else if (
      path !== null &&
      /^(Binary files |GIT binary patch|similarity index 100%|new file mode|deleted file mode|old mode|rename )/.test(inner)
    ) {
      path.binary = true;
      if (inner.startsWith('new file mode')) path.old = null;
      if (inner.startsWith('deleted file mode')) path.deleted = true;
    }
    const header = hunkHeader(inner);
    if (header === null || path === null) {
      at += 1;
      continue;
    }
    if (hunks.length >= hunkLimit)
      throw new UnreadableInput('too-large', file, line.line, `more than ${hunkLimit} hunks: give one patch at a time`);
    const { candidates, next, ended } = candidatesOf(lines, at + 1, depth);
    const body = readHunkBody(header, candidates, ended, file, line.line);
    const short = Math.max(body.missing.old, body.missing.new);
    if (short > 0 && !ended && body.used === candidates.length) {
      throw new UnreadableInput(
        'truncated',
        file,
        lines.at(-1)?.line ?? line.line,
        `ends inside the hunk that starts in line ${line.line}: ${short} of its lines are missing; give the whole mail`,
      );
    }
    path.hunks += 1;
    const hunk = {
      number: hunks.length + 1,
      path: path.name,
      oldPath: path.old,
      deleted: path.deleted,
      header,
      line: line.line,
      lines: body.lines,
      missing: body.missing,
      surplus: body.surplus,
      stripped: body.stripped,
      quoted: depth,
    };
    hunks.push(hunk);
    notes.push(...notesOf(hunk));
    at = next(body.used);
  }
  if (path !== null && path.hunks === 0 && !path.binary) throw noHunk(file, path);
  if (hunks.length === 0) {
    throw new UnreadableInput(
      'no-diff',
      file,
      null,
      path === null
        ? 'contains no diff: give the mail that carries the patch itself'
        : 'contains no diff of text: there is nothing to check',
    );
  }
  checkDiffstat(file, lines, paths);
  if (hunks.some((hunk) => hunk.quoted > 0)) notes.unshift('the diff is quoted in a reply: lines that the reply left out are not known');
  return {
    file,
    subject: subjectOf(lines),
    hunks,
    files: files.map((one) => ({
      path: one.name,
      oldPath: one.old,
      deleted: one.deleted,
      line: one.line,
      textless: one.hunks === 0,
    })),
    notes,
  };
}

/** A file whose diff is being read. */
interface OpenFile {
  readonly name: string;
  readonly line: number;
  readonly depth: number;
  old: string | null;
  deleted: boolean;
  hunks: number;
  binary: boolean;
}

function noHunk(file: string, path: { name: string; line: number }): UnreadableInput {
  return new UnreadableInput('truncated', file, path.line, `the diff of ${printable(path.name)} has no hunk: give the whole mail`);
}

/** The path that a diff's header line names, and the one before the change; null if it is no such line. */
function pathOf(text: string, next: MailLine | undefined, depth: number): { name: string; old: string | null; deleted: boolean } | null {
  const git = /^diff --git a\/(\S+) b\/(\S+)/.exec(text);
  if (git !== null) return { name: git[2] ?? '', old: git[1] ?? null, deleted: false };
  const before = /^--- (\S+)/.exec(text)?.[1];
  if (before === undefined || next === undefined) return null;
  const after = /^\+\+\+ (\S+)/.exec(unquote(next.text, depth).text)?.[1];
  if (after === undefined) return null;
  const plain = (path: string): string => path.replace(/^[ab]\//, '');
  const deleted = after === '/dev/null';
  return { name: plain(deleted ? before : after), old: before === '/dev/null' ? null : plain(before), deleted };
}

/** The lines behind a hunk header that may be the hunk's: those of its depth of quotation, up to what ends a hunk. */
function candidatesOf(
  lines: readonly MailLine[],
  start: number,
  depth: number,
): { candidates: Candidate[]; next: (used: number) => number; ended: boolean } {
  const candidates: Candidate[] = [];
  const positions: number[] = [];
  let at = start;
  let ended = false;
  for (; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined) break;
    if (depth === 0 && /^From \S+ .*\d{4}$/.test(line.text)) {
      ended = true;
      break;
    }
    if (depth > 0 && quoteDepth(line.text) < depth) continue;
    const { text, removed } = unquote(line.text, depth);
    if (endsHunk(text, lines[at + 1], depth)) {
      ended = true;
      break;
    }
    candidates.push({ text, line: line.line, column: removed + 1 });
    positions.push(at);
  }
  return { candidates, ended, next: (used) => (used === 0 ? start : (positions[used - 1] ?? start) + 1) };
}

function endsHunk(text: string, next: MailLine | undefined, depth: number): boolean {
  return hunkHeader(text) !== null || /^diff --git /.test(text) || /^-- ?$/.test(text) || pathOf(text, next, depth) !== null;
}

function notesOf(hunk: Hunk): string[] {
  const notes: string[] = [];
  const counts = `hunk ${hunk.number} (line ${hunk.line})`;
  const { missing, header } = hunk;
  if (missing.old > 0 || missing.new > 0) {
    const side = missing.new >= missing.old ? { of: header.newCount, missing: missing.new } : { of: header.oldCount, missing: missing.old };
    notes.push(
      `${counts}: ${side.missing} of ${side.of} lines are missing${missing.old === missing.new ? ' (an archive drops blank ones)' : ''}`,
    );
  }
  if (hunk.surplus > 0) notes.push(`${counts}: ${hunk.surplus} lines more than its header counts`);
  return notes;
}

/** A patch as sent lists its files before the diff. If one of them is not there, the mail is cut off. */
function checkDiffstat(file: string, lines: readonly MailLine[], paths: ReadonlySet<string>): void {
  const totals = lines.flatMap(({ text, line }) => {
    const count = /^\s*(\d{1,6}) files? changed(?:,|$)/.exec(text)?.[1];
    return count === undefined ? [] : [{ count: Number(count), line }];
  });
  const [total] = totals;
  if (total === undefined || totals.length > 1 || total.count <= paths.size) return;
  throw new UnreadableInput(
    'truncated',
    file,
    total.line,
    `${total.count} files are said to be changed, and the diffs of ${paths.size} are there: give the whole mail`,
  );
}

function subjectOf(lines: readonly MailLine[]): string {
  const start = lines.slice(0, 200);
  const at = start.findIndex((one) => /^subject:/i.test(one.text));
  if (at >= 0) {
    // A long field goes on in lines that begin with a blank.
    const end = start.findIndex(({ text }, index) => index > at && !/^[ \t]+\S/.test(text));
    const [first = '', ...more] = start.slice(at, end < 0 ? undefined : end).map(({ text }) => text.trim());
    return [first.replace(/^subject:\s*/i, ''), ...more].join(' ').trim();
  }
  return start.find((one) => /^(re: ?)*\[(rfc )?patch/i.test(one.text))?.text ?? '';
}
