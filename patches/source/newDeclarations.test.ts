import { describe, expect, it } from 'vitest';
import { contentsOf } from '../c/extract.ts';
import { readPatchText } from '../mail/patchText.ts';
import { newDeclarations } from './newDeclarations.ts';

/** Lines as in a hunk. */
function declared(...lines: string[]): string | null {
  const [olds, news] = ['+', '-'].map((other) => lines.filter((line) => !line.startsWith(other)).length);
  const text = ['--- a/x.h', '+++ b/x.h', `@@ -1,${olds} +1,${news} @@`, ...lines, ''].join('\n');
  const [hunk] = readPatchText('p', text).hunks;
  if (hunk === undefined) throw new Error('no hunk');
  const found = newDeclarations(contentsOf(hunk, 'old'), contentsOf(hunk, 'new'));
  return found?.map(({ names, owner, line }) => `${owner}: ${names.join(' ')} (${line})`).join(', ') ?? null;
}

describe('what a patch declares anew', () => {
  it('may be a member of a structure', () => {
    expect(declared(' struct a {', ' \tint x;', '+\t/* New. */', '+\tstruct b *y[4], z;', '+\tu8 w:3;', ' };')).toBe('struct a: y z w (7)');
  });
  it('may be one in a part of it that has no name', () => {
    expect(declared(' struct a {', ' \tunion {', ' \t\tint x;', '+\t\tbool y;', ' \t};', ' };')).toBe('struct a: y (7)');
  });
  it('may be several, and variables', () => {
    expect(declared(' union a {', '+\tint y;', ' \tint x;', '+\tint z;', ' };', '+static bool there;')).toBe(
      'union a: y (5), union a: z (7), null: there (9)',
    );
  });
  it.each([
    ['takes the place of another', [' struct a {', '-\tint x;', '+\tu8 x;', ' };']],
    ['gives a value', ['+static int tries = 3;', ' int x;']],
    ['is what a structure has', [' static struct a b = {', '+\t.x = 1,', ' };']],
    ['is in the midst of something', [' int', '+y,', ' x;']],
    ['goes on behind it', [' struct a {', '+\tint y,', ' \tx;', ' };']],
    ['is a call of a macro', ['+DEFINE_STATIC_CALL(a, b);', ' int x;']],
    ['is a member of something else', [' enum a {', '+\tint y;', ' };']],
    ['changes nothing but comments', [' int x;', '+/* y; */']],
  ])('is none if it %s', (_what, lines) => {
    expect(declared(...lines)).toBeNull();
  });
});
