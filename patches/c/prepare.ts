/**
 * Rewrites a function's text, at equal length, to what tree-sitter's C grammar reads rightly.
 *
 * Attributes become blanks. A macro that takes a block (`for_each_x(a, b) { … }`) would be read as a call and a
 * block that runs once, without an error: known ones become `while (a, b) { … }` and are remembered by place,
 * unknown ones too, and are reported. A type that is an argument becomes one word.
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
    if (token.text === 'struct' || token.text === 'union') {
      // `container_of(head, struct kvm_mmu_page, link)`: a type as an argument becomes one word.
      const name = tokens[index + 1];
      const after = tokens[index + 2]?.text;
      const isArgument = tokens[index - 1]?.text === ',' && (after === ',' || after === ')') && name?.at === token.at;
      if (isArgument && name !== undefined)
        overwrite(token.at, token.offset, name.offset - token.offset, token.text.padEnd(name.offset - token.offset, '_'));
      return;
    }
    if (takesType.has(token.text) && tokens[index + 1]?.text === '(') {
      // `max_t(unsigned long, a, b)`: likewise.
      for (
        let at = index + 2;
        tokens[at]?.kind === 'word' && tokens[at + 1]?.kind === 'word' && tokens[at]?.at === tokens[at + 1]?.at;
        at += 1
      ) {
        const [one, next] = [tokens[at], tokens[at + 1]];
        if (one !== undefined && next !== undefined)
          overwrite(one.at, one.offset, next.offset - one.offset, one.text.padEnd(next.offset - one.offset, '_'));
      }
      return;
    }
    if (keywords.has(token.text) || token.text.length < 2 || tokens[index + 1]?.text !== '(') return;
    if (!startsStatement(tokens[index - 1]?.text, tokens[index - 1]?.kind)) return;
    const close = partner[index + 1] ?? -1;
    const after = close < 0 ? undefined : tokens[close + 1];
    if (after === undefined || !(after.text === '{' || after.kind === 'word' || after.kind === 'number' || startsWithSign.has(after.text)))
      return;
    macros.set(`${token.at}:${token.offset}`, token.text);
    overwrite(token.at, token.offset, token.text.length, token.text.length >= 5 ? 'while' : 'if');
  });
  return { text: rows.join('\n'), macros };
}

const takesType = new Set(['max_t', 'min_t', 'clamp_t']);

/** Signs with which a statement begins that may follow a macro; a call followed by one of them would not be C. */
const startsWithSign = new Set(['++', '--']);

/** A definition's name has its type before it; a statement's first word has the end of another statement. */
function startsStatement(text: string | undefined, kind: string | undefined): boolean {
  return text !== undefined && (kind === 'directive' || [';', '{', '}', ')', ':', 'else', 'do'].includes(text));
}
