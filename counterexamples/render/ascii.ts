/**
 * Text that survives any terminal, mail and quoting: printable ASCII only, wrapped to a width.
 */

/**
 * Printable ASCII on one line, at most `max` characters: control characters, escape sequences, direction
 * marks and everything beyond ASCII appear as `\xNN` or `\u{N}`. What is cut off is said with `...`.
 */
export function escapeText(text: string, max = 500): string {
  let out = '';
  // Twice the length is enough: whatever comes later would be cut off anyway.
  for (const character of text.slice(0, 2 * max)) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) out += character;
    else if (code < 0x100) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += `\\u{${code.toString(16)}}`;
  }
  return out.length <= max && text.length <= 2 * max ? out : cut(out, max);
}

/** At most `width` characters, the last three of them `...` if something was cut off. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`.slice(0, width);
}

/** In a text to be wrapped: a blank at which no line may break, unless the word is too long for a line. */
export const glue = '\0';

/**
 * Lines of at most `width` characters; those after the first are indented by `hang`. Breaks at blanks,
 * and inside words that are longer than a line.
 */
export function wrap(text: string, width: number, hang = 0): string[] {
  const hangWidth = Math.min(hang, Math.max(0, width - 8));
  const first = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = first.slice(0, Math.max(0, width - 8));
  let empty = true;
  const flush = () => {
    lines.push(line.trimEnd());
    line = ' '.repeat(hangWidth);
    empty = true;
  };
  for (const glued of text.slice(first.length).split(' ')) {
    const word = glued.replaceAll(glue, ' ');
    if (!empty && line.length + 1 + word.length > width) flush();
    let rest: string = empty ? word : ` ${word}`;
    while (line.length + rest.length > width) {
      const room = breakBefore(rest, width - line.length);
      line += rest.slice(0, room);
      rest = rest.slice(room);
      flush();
    }
    line += rest;
    empty = empty && rest === '';
  }
  if (!empty || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** Where a word that is too long for its line is parted: behind punctuation, if there is some in the second half of the room. */
function breakBefore(word: string, room: number): number {
  for (let at = room; at > room / 2; at--) if (/[-_.,/|:)]/.test(word[at - 1] ?? '')) return at;
  return room;
}

export interface ColumnCell {
  readonly width: number;
  readonly lines: readonly string[];
}

/** Cells side by side with `gap` between them, as many lines as the tallest; no blanks at line ends. */
export function sideBySide(cells: readonly ColumnCell[], gap = '  '): string[] {
  const height = Math.max(0, ...cells.map((cell) => cell.lines.length));
  return Array.from({ length: height }, (_, k) =>
    cells
      .map((cell) => (cell.lines[k] ?? '').padEnd(cell.width))
      .join(gap)
      .trimEnd(),
  );
}
