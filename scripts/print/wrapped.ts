/** A sentence as lines of at most `width` columns, each indented; continuation lines by two more. */
export function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    const next = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (next.length > width && line.trim() !== '') {
      lines.push(line);
      line = `${indent}  ${word}`;
    } else {
      line = next;
    }
  }
  return [...lines, line];
}
