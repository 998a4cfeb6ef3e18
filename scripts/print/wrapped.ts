/** A sentence as lines of at most `width` columns, each indented; continuation lines by `hanging` more. */
export function wrapped(text: string, width: number, indent: string, hanging = '  '): string[] {
  const lines: string[] = [];
  let line = indent;
  // An id stays with the number behind it: I-10 (7).
  for (const word of text.split(/\s+(?!\(\d)/)) {
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
