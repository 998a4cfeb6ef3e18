import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, escapeText, glue, sideBySide, wrap } from './ascii.ts';

it('neutralises what a terminal would obey', () => {
  expect(escapeText('\u001b[2Jé\u202e\n')).toBe('\\x1b[2J\\xe9\\u{202e}\\x0a');
  expect(escapeText('abcdef', 5)).toBe('ab...');
  expect(cut('abc', 2)).toBe('..');
});

it('wraps at blanks, then behind punctuation, then anywhere', () => {
  expect(wrap('one two three', 10, 2)).toEqual(['one two', '  three']);
  expect(wrap('a no-obsolete-root-after', 14, 2)).toEqual(['a', '  no-obsolete-', '  root-after']);
  expect(wrap('abcdefghijkl', 10, 2)).toEqual(['abcdefghij', '  kl']);
  expect(wrap(`x: 0${glue}->${glue}1`, 6)).toEqual(['x:', '0 -> 1']);
  expect(wrap('', 10)).toEqual(['']);
});

it('never loses a character that is no blank, nor exceeds the width', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120 }), fc.integer({ min: 10, max: 60 }), fc.integer({ min: 0, max: 20 }), (text, width, hang) => {
      const lines = wrap(escapeText(text, 500), width, hang);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(escapeText(text, 500).replaceAll(' ', ''));
    }),
    { seed: 11, numRuns: 200 },
  );
});

it('sets cells side by side', () => {
  const cells = [
    { width: 3, lines: ['a'] },
    { width: 4, lines: ['b', 'c'] },
  ];
  expect(sideBySide(cells)).toEqual(['a    b', '     c']);
});
