/**
 * The parts of a patch that can be reverted on their own: hunks, changes within them, statements, conditions.
 *
 * In: hunks, the functions that they show whole. Out: pieces, and the patch without one of them. Never: a piece that only comments or
 * blanks are changed in.
 */
import { type SideLine, tokensOf } from '../c/tokens.ts';
import type { Hunk, PatchText } from '../mail/patchText.ts';
import { type FoundStatement, statementsIn } from './statements.ts';

/** A line of a hunk: its number, and the index among the hunk's lines. */
export interface LineRef {
  readonly hunk: number;
  readonly index: number;
}
/** Lines of one side of a change, in a row. `ref` null: context, or a line of no hunk. */
export type ReferredLine = SideLine & { readonly ref: LineRef | null };

export interface Piece {
  /** `change`: lines that stand together, of both sides; `condition`: an added `if` without what it guards. */
  readonly kind: 'hunk' | 'change' | 'statement' | 'condition';
  readonly side: 'added' | 'removed' | 'both';
  /** The hunk, or the first of several. */
  readonly hunk: number;
  readonly path: string;
  /** Lines of the file, both included: after the patch; of what is only removed, before it. */
  readonly line: number;
  readonly lastLine: number;
  /** The code, on one line. */
  readonly text: string;
  readonly lines: readonly LineRef[];
  /** An empty statement must take its place. */
  readonly isBody: boolean;
  /** Why nothing can be said of the patch without it; null: it can be tried. */
  readonly hopeless: string | null;
}

/** Changes that a patch makes in one place, and both sides of it, whole as far as they are known. */
export interface Region {
  readonly path: string;
  readonly old: readonly ReferredLine[];
  readonly fresh: readonly ReferredLine[];
}

/** Statements, conditions and changes within a region, those that are the same lines once. */
export function piecesOf({ path, old, fresh }: Region, hunks: ReadonlyMap<number, Hunk>): Piece[] {
  const added = statementsIn(fresh).flatMap((one) => [
    ...pieceOf('statement', 'added', fresh, range(one), path).map((piece) => ({
      ...piece,
      isBody: one.isBody,
      hopeless: one.isResult ? 'without it the function gives no value' : null,
    })),
    ...(one.guard === null ? [] : pieceOf('condition', 'added', fresh, one.guard, path)),
  ]);
  // What was the body of something is put back with it, as a change.
  const removed = statementsIn(old).flatMap((one) => (one.isBody ? [] : pieceOf('statement', 'removed', old, range(one), path)));
  const refs = [...old, ...fresh].flatMap(({ ref }) => ref ?? []);
  return [...changesOf(refs, hunks, path, [...old, ...fresh]), ...added, ...removed];
}

function range({ first, last }: FoundStatement): number[] {
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/** Nothing, unless all of it is changed. */
function pieceOf(
  kind: Piece['kind'],
  side: 'added' | 'removed',
  lines: readonly ReferredLine[],
  at: readonly number[],
  path: string,
): Piece[] {
  const own = at.flatMap((index) => lines[index] ?? []);
  const refs = own.flatMap(({ ref }) => ref ?? []);
  return refs.length < own.length ? [] : made(kind, side, refs, path, own, own);
}

/** The piece that `refs` are, shown by these lines, of which the first and the last of `range` say where it is; none where that is nothing. */
function made(
  kind: Piece['kind'],
  side: Piece['side'],
  refs: readonly LineRef[],
  path: string,
  shown: readonly SideLine[],
  range: readonly SideLine[],
): Piece[] {
  const [first, last] = [range[0], range.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    {
      kind,
      side,
      hunk: refs[0]?.hunk ?? 0,
      path,
      line: first.line,
      lastLine: last.line,
      text: textOf(shown),
      lines: refs,
      isBody: false,
      hopeless: null,
    },
  ];
}

/** Lines of a hunk that are changed and stand together. */
function changesOf(refs: readonly LineRef[], hunks: ReadonlyMap<number, Hunk>, path: string, lines: readonly ReferredLine[]): Piece[] {
  const runs: LineRef[][] = [];
  const sorted = [...refs].sort((a, b) => a.hunk - b.hunk || a.index - b.index);
  for (const ref of sorted) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && last.hunk === ref.hunk && last.index + 1 === ref.index) runs.at(-1)?.push(ref);
    else runs.push([ref]);
  }
  return runs.flatMap((own) => wholePiece('change', own, hunks, path, lines));
}

/** A piece of all these lines; none if they are comments and blanks. */
export function wholePiece(
  kind: 'hunk' | 'change',
  refs: readonly LineRef[],
  hunks: ReadonlyMap<number, Hunk>,
  path: string,
  lines: readonly ReferredLine[],
): Piece[] {
  const keys = new Set(refs.map(keyOf));
  const own = lines.filter(({ ref }) => ref !== null && keys.has(keyOf(ref)));
  const kinds = new Set(refs.map(({ hunk, index }) => hunks.get(hunk)?.lines[index]?.kind));
  const side = kinds.size > 1 ? 'both' : kinds.has('removed') ? 'removed' : 'added';
  const added = own.filter(({ ref }) => ref !== null && hunks.get(ref.hunk)?.lines[ref.index]?.kind === 'added');
  const shown = tokensOf(added).length > 0 ? added : own;
  const code = tokensOf(shown).flatMap(({ at }) => shown[at] ?? []);
  return made(kind, side, refs, path, shown, code);
}

const textMax = 100;

/** Lines with code, as one. */
function textOf(lines: readonly SideLine[]): string {
  const code = new Set(tokensOf(lines).map(({ at }) => at));
  const text = lines.flatMap((line, at) => (code.has(at) ? [line.text.trim()] : [])).join(' ');
  return text.length <= textMax ? text : `${text.slice(0, textMax - 3)}...`;
}

function keyOf({ hunk, index }: LineRef): string {
  return `${hunk}:${index}`;
}

/** Of pieces that are the same code the first; `lines` that only hold comments do not tell pieces apart. */
export function distinctPieces<P extends Piece>(pieces: readonly P[], hunks: ReadonlyMap<number, Hunk>): P[] {
  const known = new Set<string>();
  return pieces.filter((piece) => {
    const code = piece.lines.filter(({ hunk, index }) => {
      const line = hunks.get(hunk)?.lines[index];
      return line !== undefined && !/^\s*(\/?\*.*)?$/.test(line.text);
    });
    const key = code.map(keyOf).sort().join(' ');
    if (code.length === 0 || known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** The patch with the lines of a piece as they were before it: added ones are not there, removed ones are. */
export function patchWithout(patch: PatchText, { lines, isBody }: Pick<Piece, 'lines' | 'isBody'>): PatchText {
  const reverted = new Set(lines.map(keyOf));
  const [first] = lines;
  const empty = isBody && first !== undefined ? keyOf(first) : null;
  const hunks = patch.hunks.flatMap((hunk): Hunk[] => {
    const kept = hunk.lines.flatMap((line, index) => {
      const key = keyOf({ hunk: hunk.number, index });
      if (!reverted.has(key) || line.kind === 'context') return [line];
      if (key === empty) return [{ ...line, text: ';' }];
      return line.kind === 'added' ? [] : [{ ...line, kind: 'context' as const }];
    });
    if (kept.every(({ kind }) => kind === 'context')) return [];
    const newCount = hunk.header.newCount + kept.length - hunk.lines.length + turned(hunk, reverted);
    return [{ ...hunk, lines: kept, header: { ...hunk.header, newCount } }];
  });
  return { ...patch, hunks };
}

/** Removed lines that become context: the side after has them, too. */
function turned(hunk: Hunk, reverted: ReadonlySet<string>): number {
  return hunk.lines.filter(({ kind }, index) => kind === 'removed' && reverted.has(keyOf({ hunk: hunk.number, index }))).length;
}
