/**
 * Words and signs of C in a run of lines, comments left out: enough to find where functions, statements
 * and macros begin and end in a piece of a file that is no whole translation unit.
 */

/** One line of one side of a hunk. */
export interface SideLine {
  readonly text: string;
  /** Line and column of `text` in the file that was read, from 1. */
  readonly line: number;
  readonly column: number;
  readonly hunk: number;
  readonly change: 'added' | 'removed' | 'context';
}
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'sign' | 'directive';
  readonly text: string;
  /** Index into the lines, and offset into its text. */
  readonly at: number;
  readonly offset: number;
}

const signs = [
  '<<=',
  '>>=',
  '...',
  '->',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '##',
];

/**
 * Tokens of `lines`. The run may begin or end inside a comment. A directive with its continuation lines is
 * one token, whose text is the joined lines.
 */
export function tokensOf(lines: readonly SideLine[]): Token[] {
  const tokens: Token[] = [];
  let inComment = beginsInComment(lines);
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at]?.text ?? '';
    let offset = 0;
    if (!inComment && /^\s*#/.test(text)) {
      const start = at;
      const joined = [withoutLineComment(text)];
      while (/\\\s*$/.test(lines[at]?.text ?? '') && at + 1 < lines.length) {
        at += 1;
        joined.push(withoutLineComment(lines[at]?.text ?? ''));
      }
      tokens.push({
        kind: 'directive',
        text: joined
          .map((one) => one.replace(/\\\s*$/, '').trim())
          .join(' ')
          .trim(),
        at: start,
        offset: 0,
      });
      continue;
    }
    while (offset < text.length) {
      if (inComment) {
        const end = text.indexOf('*/', offset);
        if (end < 0) break;
        inComment = false;
        offset = end + 2;
        continue;
      }
      const character = text[offset] ?? '';
      if (/\s/.test(character)) {
        offset += 1;
        continue;
      }
      if (text.startsWith('/*', offset)) {
        inComment = true;
        offset += 2;
        continue;
      }
      if (text.startsWith('//', offset)) break;
      const token = tokenAt(text, offset, at);
      tokens.push(token);
      offset += token.text.length;
    }
  }
  return tokens;
}

function tokenAt(text: string, offset: number, at: number): Token {
  const character = text[offset] ?? '';
  if (/[A-Za-z_]/.test(character)) return { kind: 'word', text: scan(text, offset, /[A-Za-z0-9_]/), at, offset };
  if (/[0-9]/.test(character)) return { kind: 'number', text: scan(text, offset, /[A-Za-z0-9_.]/), at, offset };
  if (character === '"' || character === "'") {
    let end = offset + 1;
    while (end < text.length && text[end] !== character) end += text[end] === '\\' ? 2 : 1;
    return { kind: 'string', text: text.slice(offset, Math.min(end + 1, text.length)), at, offset };
  }
  const sign = signs.find((one) => text.startsWith(one, offset)) ?? character;
  return { kind: 'sign', text: sign, at, offset };
}

function scan(text: string, offset: number, pattern: RegExp): string {
  let end = offset;
  while (end < text.length && pattern.test(text[end] ?? '')) end += 1;
  return text.slice(offset, end);
}

function withoutLineComment(text: string): string {
  return text
    .replace(/\/\*.*?\*\//g, ' ')
    .replace(/\/\/.*$/, '')
    .replace(/\/\*.*$/, '');
}

/** Whether the first comment sign of the lines closes a comment that was opened before them. */
function beginsInComment(lines: readonly SideLine[]): boolean {
  for (const { text } of lines) {
    const open = text.indexOf('/*');
    const close = text.indexOf('*/');
    if (close >= 0 && (open < 0 || close < open)) return true;
    if (open >= 0) return false;
  }
  return false;
}

/**
 * For each bracket the index of its partner, by index; -1 for one that has none, and for other tokens. Each kind of
 * bracket is matched for itself, so that a piece of a file loses as little as possible.
 */
export function partners(tokens: readonly Token[]): Int32Array {
  const found = new Int32Array(tokens.length).fill(-1);
  const open: Record<'(' | '{' | '[', number[]> = { '(': [], '{': [], '[': [] };
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'sign') continue;
    if (token.text === '(' || token.text === '{' || token.text === '[') open[token.text].push(index);
    const opener = token.text === ')' ? '(' : token.text === '}' ? '{' : token.text === ']' ? '[' : null;
    const start = opener === null ? undefined : open[opener].pop();
    if (start === undefined) continue;
    found[start] = index;
    found[index] = start;
  }
  return found;
}

/** Words that stand before a parenthesis without being a function's or a macro's name. */
export const keywords: ReadonlySet<string> = new Set(
  'if else while for do switch case default return goto break continue sizeof typeof __typeof__ __attribute__ struct union enum static inline extern const volatile unsigned signed int long short char void bool float double register typedef asm'.split(
    ' ',
  ),
);
