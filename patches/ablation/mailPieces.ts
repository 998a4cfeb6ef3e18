/**
 * The pieces of a patch without a tree: functions that it shows whole, and what it changes in others, for which the model stands in.
 *
 * In: a patch as read, what became of its hunks. Out: pieces, each with the procedures that are as they were without it. Never: a piece
 * of a function that is not shown whole: what such a function is without a part of its change, nobody knows.
 */
import { contentsOf } from '../c/extract.ts';
import type { SideLine } from '../c/tokens.ts';
import type { HunkReport } from '../judge/hunkReport.ts';
import type { ReadPatch } from '../lowerPatch.ts';
import type { Hunk } from '../mail/patchText.ts';
import { distinctPieces, type LineRef, type Piece, piecesOf, type ReferredLine, wholePiece } from './pieces.ts';

export interface MailPiece extends Piece {
  /** Procedures of the model that stand in for what is changed: those from before the patch take their place. */
  readonly standIns: readonly string[];
}

/** Hunks, then the rest in the order of the patch. */
export function piecesOfMail({ text, functions }: ReadPatch, reports: readonly HunkReport[]): MailPiece[] {
  const hunks = new Map(text.hunks.map((hunk) => [hunk.number, hunk]));
  const whole = functions.flatMap((one): Piece[] => {
    const hunk = hunks.get(one.source.hunk);
    if (hunk === undefined) return [];
    const old = contentsOf(hunk, 'old').functions.find(({ name }) => name === one.source.name);
    return piecesOf({ path: hunk.path, old: referred(old?.lines ?? [], hunk), fresh: referred(one.source.lines, hunk) }, hunks);
  });
  const inFunctions = new Set(whole.flatMap(({ lines }) => lines.map(({ hunk, index }) => `${hunk}:${index}`)));
  const partial = standInsOf(reports).flatMap(({ numbers, standIns }): MailPiece[] => {
    const own = numbers.flatMap((number) => hunks.get(number) ?? []);
    const refs = own.flatMap(changed).filter(({ hunk, index }) => !inFunctions.has(`${hunk}:${index}`));
    const lines = own.flatMap((hunk) => referred(hunk.lines.map(sideLine(hunk)), hunk));
    return wholePiece('change', refs, hunks, own[0]?.path ?? '', lines).map((piece) => ({ ...piece, standIns }));
  });
  const holders = new Set(functions.map(({ source }) => source.hunk));
  const complete = [...hunks.values()]
    .filter(({ number }) => holders.has(number) && !partial.some(({ lines }) => lines.some(({ hunk }) => hunk === number)))
    .flatMap((hunk) => wholePiece('hunk', changed(hunk), hunks, hunk.path, referred(hunk.lines.map(sideLine(hunk)), hunk)));
  const alone = (pieces: readonly Piece[]): MailPiece[] => pieces.map((piece) => ({ ...piece, standIns: [] }));
  return distinctPieces([...alone(complete), ...partial, ...alone(whole)], hunks);
}

/** Hunks that change one function, or several: together. */
function standInsOf(reports: readonly HunkReport[]): { numbers: number[]; standIns: string[] }[] {
  const groups: { numbers: number[]; standIns: string[] }[] = [];
  for (const { hunk, parts } of reports) {
    const names = [...new Set(parts.flatMap((part) => (part.kind === 'stoodIn' ? [part.procedure] : [])))];
    if (names.length === 0) continue;
    const known = groups.find(({ standIns }) => names.some((name) => standIns.includes(name)));
    if (known === undefined) groups.push({ numbers: [hunk], standIns: names });
    else {
      known.numbers.push(hunk);
      known.standIns.push(...names.filter((name) => !known.standIns.includes(name)));
    }
  }
  return groups;
}

function changed({ number, lines }: Hunk): LineRef[] {
  return lines.flatMap(({ kind }, index) => (kind === 'context' ? [] : [{ hunk: number, index }]));
}

function sideLine({ number }: Hunk): (line: Hunk['lines'][number]) => SideLine {
  return ({ text, line, column, kind }) => ({ text, line, column, hunk: number, change: kind });
}

/** Lines of a hunk are known by their lines in the mail. */
function referred(lines: readonly SideLine[], { number, lines: own }: Hunk): ReferredLine[] {
  const indexes = new Map(own.map(({ line }, index) => [line, index]));
  return lines.map((line) => {
    const index = indexes.get(line.line);
    const isChange = index !== undefined && own[index]?.kind !== 'context';
    return { ...line, ref: isChange ? { hunk: number, index } : null };
  });
}
