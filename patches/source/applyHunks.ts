/**
 * The hunks of a diff, applied to the text of a file.
 *
 * In: a text, hunks as they were read. Out: the new text, with the origin of each of its lines. Never: a hunk put where its
 * context does not fit; more work than a budget.
 *
 * Finding the place is the work of the npm package `diff`, one hunk at a time, so that the one that fails is known. As GNU patch
 * does, the outermost lines of context are left out where the hunk does not fit otherwise: up to two at either end.
 */

import { applyPatch } from 'diff';
import type { HunkLine, LineKind } from '../mail/hunk.ts';
import type { Hunk } from '../mail/patchText.ts';
import { printable, UnreadableInput } from '../mail/unreadable.ts';
import { whyNot } from './nearestPlace.ts';
import { type Budget, type SameLine, sameLine, spend } from './sameLine.ts';

/** A line of the file before or after, in the order of the file. */
export interface Entry {
  readonly kind: LineKind;
  readonly text: string;
  /** Number of the hunk that adds or removes it; 0: context. */
  readonly hunk: number;
}
/** Where a hunk was put. */
export interface PlacedHunk {
  readonly hunk: number;
  /** Line of the file, as the hunks before have left it, at which its first line stands. */
  readonly line: number;
  /** Lines between where its header says and where it fits. */
  readonly offset: number;
  /** Lines of context left out at either end at most. */
  readonly fuzz: number;
}
export interface AppliedFile {
  readonly after: string;
  readonly entries: readonly Entry[];
  readonly placed: readonly PlacedHunk[];
}

/** Of GNU patch. */
const fuzzMax = 2;

/**
 * `before` with `hunks`, which are all of one file `path`. `file` is the patch, for messages.
 * Throws `UnreadableInput`: `does-not-apply` with the nearest place, or `too-large`.
 */
export function applyHunks(before: string, hunks: readonly Hunk[], path: string, file: string, budget: Budget): AppliedFile {
  let text = before;
  let entries: Entry[] = before.split('\n').map((line) => ({ kind: 'context', text: line, hunk: 0 }));
  const placed: PlacedHunk[] = [];
  let shift = 0;
  let from = 0;
  let lastStart = 0;
  for (const hunk of hunks) {
    if (hunk.lines.every((line) => line.kind === 'context')) continue;
    // A second diff of the same file begins again at its top.
    if (hunk.header.oldStart < lastStart) {
      from = 0;
      shift = 0;
    }
    lastStart = hunk.header.oldStart;
    spend(budget, text.length / 40, file, hunk.line);
    const expected = hunk.header.oldStart + (hunk.header.oldCount === 0 ? 1 : 0) + shift;
    const found = place(text, hunk, expected, from, budget, file);
    if (found === null) {
      const missing = Math.max(hunk.missing.old, hunk.missing.new);
      const lost = missing > 0 ? `; ${missing} lines of the hunk are missing, so give the mail as it was sent` : '';
      const why = whyNot(text.split('\n'), hunk, expected, sameLine(hunk), budget);
      throw new UnreadableInput(
        'does-not-apply',
        file,
        hunk.line,
        `hunk ${hunk.number} does not apply to ${printable(path)}: ${why}${lost}`,
      );
    }
    const old = found.lines.filter((line) => line.kind !== 'added').length;
    entries = spliced(entries, found.at, old, found.lines, hunk.number);
    text = found.after;
    placed.push({ hunk: hunk.number, line: found.at + 1, offset: found.at + 1 - found.trimmed - expected, fuzz: found.fuzz });
    const fresh = found.lines.filter((line) => line.kind !== 'removed').length;
    from = found.at + fresh - trailingContext(found.lines);
    shift = found.at + 1 - found.trimmed - expected + shift + fresh - old;
  }
  return { after: text, entries, placed };
}

interface Place {
  /** Index of the line at which the hunk's first line (after trimming) stands. */
  readonly at: number;
  readonly after: string;
  readonly lines: readonly HunkLine[];
  readonly fuzz: number;
  /** Lines left out at the beginning. */
  readonly trimmed: number;
}

function place(text: string, hunk: Hunk, expected: number, from: number, budget: Budget, file: string): Place | null {
  const same = sameLine(hunk);
  const leading = hunk.lines.findIndex((line) => line.kind !== 'context');
  const trailing = trailingContext(hunk.lines);
  for (let fuzz = 0; fuzz <= fuzzMax && fuzz <= Math.max(leading, trailing); fuzz += 1) {
    // As GNU patch: of the longer side first, so that both sides come to be equally long.
    const context = Math.max(leading, trailing) - fuzz;
    const front = Math.max(0, leading - context);
    const back = Math.max(0, trailing - context);
    const lines = hunk.lines.slice(front, hunk.lines.length - back);
    // An insertion without any context would fit anywhere.
    if (fuzz > 0 && lines.every((line) => line.kind === 'added')) break;
    const found = searched(text, lines, expected + front, from, (own, theirs) => {
      spend(budget, hunk.stripped ? 10 : 1, file, hunk.line);
      return same(own, theirs);
    });
    if (found !== null) return { ...found, lines, fuzz, trimmed: front };
  }
  return null;
}

function trailingContext(lines: readonly HunkLine[]): number {
  return lines.length - 1 - lines.findLastIndex((line) => line.kind !== 'context');
}

/** Asks the library; the place is where the last attempt began. */
function searched(
  text: string,
  lines: readonly HunkLine[],
  expected: number,
  from: number,
  same: SameLine,
): { at: number; after: string } | null {
  const count = (kind: LineKind): number => lines.filter((line) => line.kind !== kind).length;
  const oldLines = count('added');
  const first = lines.findIndex((line) => line.kind !== 'added');
  const last = text.split('\n').length;
  // Without any context there is only one place, and it must exist.
  if (first < 0 && (expected < 1 || expected > last || expected - 1 < from)) return null;
  // A header may say any line; the library walks from there to the file, step by step.
  const start = Math.max(1, Math.min(expected, last));
  let at = start - 1;
  // Lines that are compared stand for themselves by their index: the library only gives them back to `compareLine`.
  const marked = lines.map(({ kind, text: line }, index) => (kind === 'added' ? `+${line}` : `${kind === 'removed' ? '-' : ' '}${index}`));
  const hunk = { oldStart: start, oldLines, newStart: start, newLines: count('removed'), lines: marked };
  const patch = { oldFileName: '', newFileName: '', oldHeader: '', newHeader: '', hunks: [hunk] };
  const after = applyPatch(text, patch, {
    autoConvertLineEndings: false,
    compareLine: (number, own, _operation, index) => {
      if (Number(index) === first) at = number - 1;
      // Beyond the end the library passes nothing.
      const line = own as string | undefined;
      return line !== undefined && number > from && same(line, lines[Number(index)]?.text ?? '');
    },
  });
  return after === false ? null : { at, after };
}

/** `lines` of a hunk in place of the `old` lines of the new side that begin at its index `at`. */
function spliced(entries: readonly Entry[], at: number, old: number, lines: readonly HunkLine[], hunk: number): Entry[] {
  const start = entriesBefore(entries, at);
  let index = start;
  const fresh: Entry[] = [];
  let used = 0;
  for (const line of lines) {
    if (line.kind === 'added') {
      fresh.push({ kind: 'added', text: line.text, hunk });
      continue;
    }
    for (; entries[index]?.kind === 'removed'; index += 1) fresh.push(entries[index] as Entry);
    const own = entries[index];
    index += 1;
    used += 1;
    if (own === undefined) break;
    if (line.kind === 'context') fresh.push(own);
    // What an earlier hunk of the same patch added, and this one takes away, was never there.
    else if (own.kind === 'context') fresh.push({ ...own, kind: 'removed', hunk });
  }
  if (used !== old) throw new Error('a hunk was placed beyond the end of its file');
  return [...entries.slice(0, start), ...fresh, ...entries.slice(index)];
}

/** Index of the entry behind the first `at` lines of the new side, and behind what is removed there. */
function entriesBefore(entries: readonly Entry[], at: number): number {
  let index = 0;
  for (let passed = 0; index < entries.length && (passed < at || entries[index]?.kind === 'removed'); index += 1)
    if (entries[index]?.kind !== 'removed') passed += 1;
  return index;
}
