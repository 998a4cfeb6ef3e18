/**
 * What a patch changes in a file, in pieces that can be read on their own: whole functions, and what stands between them.
 *
 * In: the file before and after, line by line. Out: for each function or gap with a change one hunk that shows all of it, in the form in
 * which hunks of mails are read. Never: a part of a function.
 */

import { usualConfiguration } from '../bindings/configuration.ts';
import type { Bindings } from '../bindings/schema.ts';
import { type SideLine, tokensOf } from '../c/tokens.ts';
import type { HunkLine } from '../mail/hunk.ts';
import type { Hunk } from '../mail/patchText.ts';
import { resolveConditions } from '../tree/conditional.ts';
import { fileContents } from '../tree/functions.ts';
import type { TouchedFile } from './treePatch.ts';

/** A function, or what is between two, of which something is changed. */
export interface Unit {
  /** All lines of both sides. Lines are numbered as in the file after the patch, removed ones as in the file before. */
  readonly hunk: Hunk;
  /** Numbers of the patch's hunks that change it. */
  readonly by: ReadonlySet<number>;
  /** No function: declarations, macros, comments. */
  readonly isGap: boolean;
  /** Why nothing of it is a change: comments, blanks, lines that are not compiled; null if there is one. */
  readonly quiet: string | null;
}

/** A side of the file as it is compiled for x86-64: lines that are not are blank. */
interface Side {
  readonly rows: readonly string[];
  readonly functions: readonly { readonly firstLine: number; readonly lastLine: number }[];
}
/** A line of the two sides. Numbers from 1; 0: not on that side. */
interface Row {
  readonly kind: HunkLine['kind'];
  readonly text: string;
  readonly old: number;
  readonly new: number;
  readonly hunk: number;
}

/** The changed functions and gaps of `file`, in its order. */
export function unitsOf(file: TouchedFile, bindings: Bindings): Unit[] {
  const before = sideOf(file.path, file.before, bindings);
  const after = sideOf(file.path, file.after, bindings);
  const rows = rowsOf(file, before, after);
  return piecesOf(rows, before, after).flatMap(({ from, to, isGap }) => {
    const own = rows.slice(from, to);
    if (own.every((row) => row.hunk === 0)) return [];
    return [unitOf(own, isGap, file)];
  });
}

function sideOf(path: string, text: string, bindings: Bindings): Side {
  const written = text.split('\n');
  const rows = [...resolveConditions(written, usualConfiguration)];
  const { functions } = fileContents(path, text, bindings);
  for (const one of functions) for (const line of one.lines) rows[line.line - 1] = line.text;
  return { rows, functions };
}

function rowsOf(file: TouchedFile, before: Side, after: Side): Row[] {
  const rows: Row[] = [];
  let old = 0;
  let fresh = 0;
  for (const { kind, hunk } of file.entries) {
    if (kind !== 'added') old += 1;
    if (kind !== 'removed') fresh += 1;
    const was = before.rows[old - 1] ?? '';
    const is = after.rows[fresh - 1] ?? '';
    // A changed condition of the preprocessor changes lines that the patch does not touch.
    const turned = kind === 'context' && was !== is;
    if (kind === 'removed' || turned) rows.push({ kind: 'removed', text: was, old, new: 0, hunk: hunk || nearest(file) });
    if (kind === 'added' || turned) rows.push({ kind: 'added', text: is, old: 0, new: fresh, hunk: hunk || nearest(file) });
    if (kind === 'context' && !turned) rows.push({ kind, text: is, old, new: fresh, hunk: 0 });
  }
  return rows;
}

function nearest(file: TouchedFile): number {
  return file.hunks[0]?.number ?? 1;
}

/** Functions of either side, joined where they share lines, and the gaps between them, as ranges of `rows`. */
function piecesOf(rows: readonly Row[], before: Side, after: Side): { from: number; to: number; isGap: boolean }[] {
  const oldAt = new Map<number, number>();
  const newAt = new Map<number, number>();
  rows.forEach((row, index) => {
    if (row.old > 0) oldAt.set(row.old, index);
    if (row.new > 0) newAt.set(row.new, index);
  });
  const ranges = [
    ...before.functions.map(({ firstLine, lastLine }) => ({ from: oldAt.get(firstLine) ?? 0, to: (oldAt.get(lastLine) ?? 0) + 1 })),
    ...after.functions.map(({ firstLine, lastLine }) => ({ from: newAt.get(firstLine) ?? 0, to: (newAt.get(lastLine) ?? 0) + 1 })),
  ].sort((a, b) => a.from - b.from || a.to - b.to);
  const pieces: { from: number; to: number; isGap: boolean }[] = [];
  let end = 0;
  for (const { from, to } of ranges) {
    const last = pieces.at(-1);
    if (last !== undefined && !last.isGap && from < end) {
      last.to = Math.max(last.to, to);
    } else {
      if (from > end) pieces.push({ from: end, to: from, isGap: true });
      pieces.push({ from, to, isGap: false });
    }
    end = Math.max(end, to);
  }
  if (end < rows.length) pieces.push({ from: end, to: rows.length, isGap: true });
  return pieces;
}

function unitOf(rows: readonly Row[], isGap: boolean, file: TouchedFile): Unit {
  const by = new Set(rows.flatMap((row) => (row.hunk === 0 ? [] : [row.hunk])));
  const number = Math.min(...by);
  const count = (side: 'old' | 'new'): number => rows.filter((row) => row[side] > 0).length;
  const start = (side: 'old' | 'new'): number => rows.find((row) => row[side] > 0)?.[side] ?? 0;
  const lines = rows.map(
    (row): HunkLine => ({ kind: row.kind, text: row.text, line: row.kind === 'removed' ? row.old : row.new, column: 1 }),
  );
  const quiet = quietness(lines, file, rows);
  const hunk: Hunk = {
    number,
    path: file.path,
    oldPath: file.path,
    deleted: false,
    header: { oldStart: start('old'), oldCount: count('old'), newStart: start('new'), newCount: count('new'), heading: '' },
    line: start('new') || start('old'),
    lines: quiet === null ? withNeighbours(lines) : lines,
    missing: { old: 0, new: 0 },
    surplus: 0,
    stripped: false,
    quoted: 0,
  };
  return { hunk, by, isGap, quiet };
}

/**
 * Where lines are only removed, the next line (or the one before, at the end of a block) counts as changed, so that a patch holds only if
 * that place was run.
 */
function withNeighbours(lines: readonly HunkLine[]): HunkLine[] {
  const touched = new Set<number>();
  const isCode = (index: number): boolean => lines[index]?.kind === 'context' && /^\s*[^\s/*{}#]/.test(lines[index]?.text ?? '');
  lines.forEach((line, index) => {
    if (line.kind !== 'removed' || lines[index + 1]?.kind !== 'context') return;
    let start = index;
    while (lines[start - 1]?.kind === 'removed') start -= 1;
    if (lines[start - 1]?.kind === 'added') return;
    if (isCode(index + 1)) touched.add(index + 1);
    else if (isCode(start - 1)) touched.add(start - 1);
  });
  return lines.flatMap((line, index): HunkLine[] =>
    touched.has(index)
      ? [
          { ...line, kind: 'removed' },
          { ...line, kind: 'added' },
        ]
      : [line],
  );
}

function quietness(lines: readonly HunkLine[], file: TouchedFile, rows: readonly Row[]): string | null {
  const words = (left: HunkLine['kind']): string[] => {
    const side = lines.flatMap((one): SideLine[] =>
      one.kind === left ? [] : [{ text: one.text, line: one.line, column: 1, hunk: 0, change: 'context' }],
    );
    return tokensOf(side).map((token) => token.text);
  };
  const [before, after] = [words('added'), words('removed')];
  if (before.length !== after.length || before.some((word, index) => word !== after[index])) return null;
  const [old, fresh] = [file.before.split('\n'), file.after.split('\n')];
  const compiled = rows.some((row) => row.hunk !== 0 && row.text === (row.new > 0 ? fresh[row.new - 1] : old[row.old - 1]));
  return compiled ? 'comments and blanks only' : 'lines that are not compiled for x86-64';
}
