/**
 * The pieces of a patch on a tree: functions are known whole, on both sides.
 *
 * In: a patch as it was applied. Out: pieces, hunks first. Never: a removed statement of a function that is gone.
 */
import type { Bindings } from '../bindings/schema.ts';
import type { Hunk } from '../mail/patchText.ts';
import type { ReadTreePatch } from '../source/readUnits.ts';
import type { TouchedFile } from '../source/treePatch.ts';
import { fileContents } from '../tree/functions.ts';
import { distinctPieces, type LineRef, type Piece, piecesOf, type ReferredLine, wholePiece } from './pieces.ts';

/** Hunks, changes, then statements and conditions, each in the order of the patch. */
export function piecesOfTree({ applied, units }: ReadTreePatch, bindings: Bindings): Piece[] {
  const hunks = new Map(applied.patch.hunks.map((hunk) => [hunk.number, hunk]));
  const quiet = new Set(applied.patch.hunks.map(({ number }) => number));
  for (const unit of units) if (unit.quiet === null) for (const number of unit.by) quiet.delete(number);
  const pieces: Piece[] = [];
  for (const file of applied.files) {
    const { old, fresh } = sidesOf(file);
    const all = [...old, ...fresh];
    const refs = all.flatMap(({ ref }) => ref ?? []).filter(({ hunk }) => !quiet.has(hunk));
    for (const { number } of file.hunks) {
      const own = refs.filter(({ hunk }) => hunk === number);
      if (own.length > 0) pieces.push(...wholePiece('hunk', sorted(own), hunks, file.path, all));
    }
    pieces.push(...functionPieces(file, old, fresh, hunks, bindings).filter(({ hunk }) => !quiet.has(hunk)));
  }
  const rank = { hunk: 0, change: 1, statement: 2, condition: 2 } as const;
  return distinctPieces(
    [...pieces].sort((a, b) => rank[a.kind] - rank[b.kind] || a.hunk - b.hunk),
    hunks,
  );
}

function sorted(refs: readonly LineRef[]): LineRef[] {
  return [...refs].sort((a, b) => a.index - b.index);
}

/** Both sides of a file, line by line; the k-th line that a hunk adds in the file is the k-th that it has. */
function sidesOf(file: TouchedFile): { old: ReferredLine[]; fresh: ReferredLine[] } {
  const left = new Map(file.hunks.map((hunk) => [hunk.number, { added: refsOf(hunk, 'added'), removed: refsOf(hunk, 'removed') }]));
  const [old, fresh]: [ReferredLine[], ReferredLine[]] = [[], []];
  for (const { kind, text, hunk } of file.entries) {
    const ref = kind === 'context' ? null : (left.get(hunk)?.[kind].shift() ?? null);
    const line = { text, column: 1, hunk, change: kind, ref };
    if (kind !== 'added') old.push({ ...line, line: old.length + 1 });
    if (kind !== 'removed') fresh.push({ ...line, line: fresh.length + 1 });
  }
  return { old, fresh };
}

function refsOf(hunk: Hunk, kind: 'added' | 'removed'): LineRef[] {
  return hunk.lines.flatMap((line, index) => (line.kind === kind ? [{ hunk: hunk.number, index }] : []));
}

function functionPieces(
  file: TouchedFile,
  old: readonly ReferredLine[],
  fresh: readonly ReferredLine[],
  hunks: ReadonlyMap<number, Hunk>,
  bindings: Bindings,
): Piece[] {
  const [was, is] = [file.before, file.after].map((text) => fileContents(file.path, text, bindings).functions);
  const names = new Set([...(was ?? []), ...(is ?? [])].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const before = was?.find((one) => one.name === name);
    const after = is?.find((one) => one.name === name);
    const oldLines = before === undefined || after === undefined ? [] : old.slice(before.firstLine - 1, before.lastLine);
    const newLines = after === undefined ? [] : fresh.slice(after.firstLine - 1, after.lastLine);
    if ([...oldLines, ...newLines].every(({ ref }) => ref === null)) return [];
    return piecesOf({ path: file.path, old: oldLines, fresh: newLines }, hunks);
  });
}
