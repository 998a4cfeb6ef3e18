/**
 * Rewrites a function's text, at equal length, to what tree-sitter's C grammar reads rightly.
 *
 * Attributes become blanks. A macro that takes a block (`for_each_x(a, b) { … }`) would be read as a call and a
 * block that runs once, without an error: known ones become `while (a, b) { … }` and are remembered by place,
 * unknown ones too, and are reported.
 */
import type { Bindings } from '../bindings/schema.ts';
import type { FunctionText } from './extract.ts';
import { keywords, partners, tokensOf } from './tokens.ts';

export interface PreparedText {
  readonly text: string;
  /** Macros with a block, by `row:column` in `text` (from 0). */
  readonly macros: ReadonlyMap<string, string>;
}

/** The text of one function, ready to be parsed. */
export function prepare(source: Pick<FunctionText, 'lines'>, bindings: Pick<Bindings, 'attributes'>): PreparedText {
  const rows = source.lines.map((line) => line.text);
  const tokens = tokensOf(source.lines);
  const partner = partners(tokens);
  const macros = new Map<string, string>();
  const overwrite = (at: number, offset: number, length: number, by: string): void => {
    const row = rows[at] ?? '';
    rows[at] = row.slice(0, offset) + by.padEnd(length) + row.slice(offset + length);
  };
  tokens.forEach((token, index) => {
    if (token.kind !== 'word') return;
    if (bindings.attributes.has(token.text)) {
      overwrite(token.at, token.offset, token.text.length, '');
      return;
    }
    if (keywords.has(token.text) || token.text.length < 2 || tokens[index + 1]?.text !== '(') return;
    if (!startsStatement(tokens[index - 1]?.text, tokens[index - 1]?.kind)) return;
    const close = partner[index + 1] ?? -1;
    const after = close < 0 ? undefined : tokens[close + 1];
    if (after === undefined || !(after.text === '{' || after.kind === 'word' || after.kind === 'number')) return;
    macros.set(`${token.at}:${token.offset}`, token.text);
    overwrite(token.at, token.offset, token.text.length, token.text.length >= 5 ? 'while' : 'if');
  });
  return { text: rows.join('\n'), macros };
}

/** A definition's name has its type before it; a statement's first word has the end of another statement. */
function startsStatement(text: string | undefined, kind: string | undefined): boolean {
  return text !== undefined && (kind === 'directive' || [';', '{', '}', ')', ':', 'else', 'do'].includes(text));
}
