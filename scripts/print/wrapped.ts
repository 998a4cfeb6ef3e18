/** A sentence as lines of at most `width` columns, each indented; continuation lines by `hanging` more. */
export function wrapped(text: string, width: number, indent: string, hanging = '  '): string[] {
  const lines: string[] = [];
  let line = indent;
  // An id stays with the number behind it, if there is room: I-10 (7).
  const tokens = text.split(/\s+(?!\(\d)/).flatMap((token) => (indent.length + token.length > width ? token.split(/\s+/) : [token]));
  for (const word of tokens) {
    const next = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (next.length > width && line.trim() !== '') {
      lines.push(line);
      line = `${indent}${hanging}${word}`;
    } else {
      line = next;
    }
  }
  return [...lines, line];
}
