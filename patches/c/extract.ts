/**
 * What one side of a hunk holds: functions from their first word to their closing brace, pieces of
 * functions, `#define`s, declarations, and comments.
 */
import type { HunkLine } from '../mail/hunk.ts';
import type { Hunk } from '../mail/patchText.ts';
import type { SideLine, Token } from './tokens.ts';
import { keywords, partners, tokensOf } from './tokens.ts';

/** A function whose definition is whole on one side of a hunk. */
export interface FunctionText {
  readonly name: string;
  /** Its lines, from the one that its first word is on to the one of its closing brace. */
  readonly lines: readonly SideLine[];
  readonly hunk: number;
  readonly path: string;
  /** Whether the patch changes it: adds a line to it, or takes one out of it, so that no line of this side shows it. */
  readonly changed: boolean;
}
export interface DefineText {
  readonly name: string;
  /** What stands behind the name (and its parameters). */
  readonly body: string;
  readonly hunk: number;
  readonly line: number;
  readonly change: SideLine['change'];
}
export type LineRole = 'function' | 'define' | 'directive' | 'declaration' | 'comment' | 'partial';
export interface SideContents {
  readonly lines: readonly SideLine[];
  readonly tokens: readonly Token[];
  readonly functions: readonly FunctionText[];
  readonly defines: readonly DefineText[];
  /** What each of `lines` is part of. */
  readonly roles: readonly LineRole[];
  /** Name of the function that each of the lines stands in, as far as the hunk tells. */
  readonly enclosing: readonly (string | null)[];
}

/** The lines of one side. */
export function sideOf(hunk: Hunk, side: 'old' | 'new'): SideLine[] {
  const left = side === 'new' ? 'removed' : 'added';
  return hunk.lines
    .filter((one: HunkLine) => one.kind !== left)
    .map((one) => ({ text: one.text, line: one.line, column: one.column, hunk: hunk.number, change: one.kind }));
}

/** Reads one side of `hunk`. Never throws: what it cannot make out is `partial`. */
export function contentsOf(hunk: Hunk, side: 'old' | 'new'): SideContents {
  const lines = sideOf(hunk, side);
  const tokens = tokensOf(lines);
  const functions: FunctionText[] = [];
  const roles: LineRole[] = lines.map(() => 'comment');
  const enclosing: (string | null)[] = [];
  const partner = partners(tokens);
  const starts = definitionStarts(tokens, partner);
  const defines = definesOf(lines, tokens, hunk.number);
  const places = new Map(hunk.lines.flatMap((one, index) => (one.kind === 'context' ? [[one.line, index] as const] : [])));

  for (const token of tokens) mark(roles, token.at, 'partial');
  for (const [from, to] of declarations(tokens, partner))
    for (const token of tokens.slice(from, to + 1)) mark(roles, token.at, 'declaration');
  for (const token of tokens) {
    if (token.kind !== 'directive') continue;
    const role = /^#\s*define\b/.test(token.text) ? 'define' : 'directive';
    for (let at = token.at; at < lines.length; at += 1) {
      roles[at] = role;
      if (!/\\\s*$/.test(lines[at]?.text ?? '')) break;
    }
  }
  const ends: { start: number; end: number; name: string }[] = [];
  for (const { first, open, name } of starts) {
    const close = partner[open] ?? -1;
    const start = tokens[first]?.at ?? 0;
    const end = close < 0 ? lines.length - 1 : (tokens[close]?.at ?? lines.length - 1);
    ends.push({ start, end, name });
    if (close < 0) continue;
    const own = lines.slice(start, end + 1);
    functions.push({ name, lines: own, hunk: hunk.number, path: hunk.path, changed: isChanged(own, hunk, places) });
    for (let at = start; at <= end; at += 1) if (roles[at] !== 'comment') roles[at] = 'function';
  }
  // Between one function's end and the next one's start there is no code: so what stands before the first
  // definition is the heading's.
  const heading = definitionName(hunk.header.heading);
  const firstStart = ends[0]?.start ?? lines.length;
  // They are in the order of their starts, so the first that has not ended is the outermost that a line can be in.
  let next = 0;
  for (let at = 0; at < lines.length; at += 1) {
    while (next < ends.length && (ends[next]?.end ?? 0) < at) next += 1;
    const inside = ends[next];
    enclosing.push(inside !== undefined && inside.start <= at ? inside.name : at < firstStart ? heading : null);
  }
  return { lines, tokens, functions, defines, roles, enclosing };
}

/** Whether a line is added or removed between the first and the last of `own`. `places`: of context, by line, in the hunk. */
function isChanged(own: readonly SideLine[], hunk: Hunk, places: ReadonlyMap<number, number>): boolean {
  if (own.some((one) => one.change !== 'context')) return true;
  const at = (side: SideLine | undefined): number => places.get(side?.line ?? 0) ?? 0;
  return hunk.lines.slice(at(own[0]), at(own.at(-1))).some((one) => one.kind !== 'context');
}

function mark(roles: LineRole[], at: number, role: LineRole): void {
  roles[at] = role;
}

/** Definitions: at least a type and a name, a parameter list, a brace; nothing of it a keyword of control. */
export function definitionStarts(tokens: readonly Token[], partner: Int32Array): { first: number; open: number; name: string }[] {
  const found: { first: number; open: number; name: string }[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    if (tokens[index]?.text !== '(' || tokens[index]?.kind !== 'sign') continue;
    const name = tokens[index - 1];
    if (name?.kind !== 'word' || keywords.has(name.text)) continue;
    const close = partner[index] ?? -1;
    if (close < 0 || tokens[close + 1]?.text !== '{') continue;
    let first = index - 1;
    while (first > 0 && isTypePart(tokens[first - 1])) first -= 1;
    const words = tokens.slice(first, index - 1).filter((token) => token.kind === 'word');
    if (words.length > 0) found.push({ first, open: close + 1, name: name.text });
  }
  return found;
}

const control = new Set(['if', 'else', 'while', 'for', 'do', 'switch', 'case', 'default', 'return', 'goto', 'break', 'continue', 'sizeof']);

function isTypePart(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return token.kind === 'word' ? !control.has(token.text) : token.kind === 'sign' && token.text === '*';
}

/** Prototypes: a type, a name, a parameter list, a semicolon. */
function declarations(tokens: readonly Token[], partner: Int32Array): [number, number][] {
  const found: [number, number][] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    if (tokens[index]?.text !== '(' || tokens[index]?.kind !== 'sign') continue;
    const name = tokens[index - 1];
    if (name?.kind !== 'word' || keywords.has(name.text)) continue;
    const close = partner[index] ?? -1;
    if (close < 0 || tokens[close + 1]?.text !== ';') continue;
    let first = index - 1;
    while (first > 0 && isTypePart(tokens[first - 1])) first -= 1;
    const words = tokens.slice(first, index - 1).filter((token) => token.kind === 'word');
    const before = tokens[first - 1];
    const fresh = before === undefined || before.kind === 'directive' || ';{}'.includes(before.text);
    if (words.length > 0 && fresh) found.push([first, close + 1]);
  }
  return found;
}

function definesOf(lines: readonly SideLine[], tokens: readonly Token[], hunk: number): DefineText[] {
  return tokens.flatMap((token) => {
    const match = token.kind === 'directive' ? /^#\s*define\s+([A-Za-z_]\w*)(\([^)]*\))?\s*(.*)$/.exec(token.text) : null;
    const line = lines[token.at];
    if (match === null || line === undefined) return [];
    return [
      {
        name: match[1] ?? '',
        body: `${match[2] ?? ''}${match[3] ?? ''}`.replace(/\s+/g, ' ').trim(),
        hunk,
        line: line.line,
        change: changeFrom(lines, token.at),
      },
    ];
  });
}

/** Of a directive with its continuation lines: that of the first of them that is changed. */
function changeFrom(lines: readonly SideLine[], first: number): SideLine['change'] {
  for (let at = first; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined || line.change !== 'context') return line?.change ?? 'context';
    if (!/\\\s*$/.test(line.text)) return 'context';
  }
  return 'context';
}

/** The function that a hunk heading names: its first word before a parenthesis. */
export function definitionName(heading: string): string | null {
  return /([A-Za-z_]\w*)\s*\(/.exec(heading)?.[1] ?? null;
}
