import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPatchText } from '../mail/patchText.ts';
import { UnreadableInput } from '../mail/unreadable.ts';
import { type AppliedFile, applyHunks } from './applyHunks.ts';
import { compareBudget } from './sameLine.ts';

const apply = (before: string, diff: string, left = compareBudget): AppliedFile =>
  applyHunks(before, readPatchText('p', diff).hunks, 'a.c', 'p', { left });
const diffOf = (before: string, after: string, context = 3): string =>
  `diff --git a/a.c b/a.c\n${createTwoFilesPatch('a/a.c', 'b/a.c', before, after, '', '', { context })}`;
const lines = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, k) => `line ${from + k};`);
const text = (all: readonly string[]): string => `${all.join('\n')}\n`;
const refusal = (run: () => unknown): UnreadableInput => {
  try {
    run();
  } catch (error) {
    if (error instanceof UnreadableInput) return error;
    throw error;
  }
  throw new Error('it applies');
};

const base = lines(1, 40);
const changed = base.with(19, 'other;');

describe('hunks on a text', () => {
  it('give the new text, and say where each line is from', () => {
    const { after, entries, placed } = apply(text(base), diffOf(text(base), text(changed)));
    expect(after).toBe(text(changed));
    expect(placed).toEqual([{ hunk: 1, line: 17, offset: 0, fuzz: 0 }]);
    expect(entries.filter(({ kind }) => kind !== 'context')).toEqual([
      { kind: 'removed', text: 'line 20;', hunk: 1 },
      { kind: 'added', text: 'other;', hunk: 1 },
    ]);
  });
  it('are found where lines before them have come or gone', () => {
    const moved = ['new;', 'new;', ...base];
    const { after, placed } = apply(text(moved), diffOf(text(base), text(changed)));
    expect(after).toBe(text(['new;', 'new;', ...changed]));
    expect(placed).toEqual([{ hunk: 1, line: 19, offset: 2, fuzz: 0 }]);
  });
  it('are moved on by the ones before', () => {
    const after = ['first;', ...base.slice(0, 30), ...base.slice(33)];
    expect(apply(text(base), diffOf(text(base), text(after), 1)).after).toBe(text(after));
  });
  it.each([
    ['of the first line', 16, 1],
    ['of the last two lines', 22, 1],
  ])('fit where context %s is another', (_what, index, fuzz) => {
    const own = base.with(index, 'somebody else;');
    const { after, placed } = apply(text(own), diffOf(text(base), text(changed)));
    expect(after).toBe(text(own.with(19, 'other;')));
    expect(placed[0]?.fuzz).toBe(fuzz);
  });
  it('fit with two lines of context less at either end, and not with three', () => {
    const twoOff = base.with(16, 'x;').with(17, 'y;');
    expect(apply(text(twoOff), diffOf(text(base), text(changed))).placed[0]?.fuzz).toBe(2);
    expect(refusal(() => apply(text(twoOff.with(18, 'z;')), diffOf(text(base), text(changed)))).reason).toBe('does-not-apply');
  });
  it('never lose what is removed to fuzz', () => {
    expect(refusal(() => apply(text(base.with(19, 'x;')), diffOf(text(base), text(changed)))).reason).toBe('does-not-apply');
  });
  it('make a file, and unmake it', () => {
    const make = `diff --git a/a.c b/a.c\nnew file mode 100644\n--- /dev/null\n+++ b/a.c\n@@ -0,0 +1,2 @@\n+int a;\n+int b;\n`;
    expect(apply('', make).after).toBe('int a;\nint b;\n');
    const unmake = `diff --git a/a.c b/a.c\ndeleted file mode 100644\n--- a/a.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-int a;\n-int b;\n`;
    expect(apply('int a;\nint b;\n', unmake).after).toBe('');
    expect(refusal(() => apply('int z;\n', unmake)).message).toContain('does not apply to a.c: nothing like it is there');
  });
  it('without context are put where their header says', () => {
    expect(apply(text(base), diffOf(text(base), text(base.toSpliced(10, 0, 'x;')), 0)).after).toBe(text(base.toSpliced(10, 0, 'x;')));
    const beyond = `--- a/a.c\n+++ b/a.c\n@@ -99,0 +100 @@\n+x;\n`;
    expect(refusal(() => apply(text(base), beyond)).reason).toBe('does-not-apply');
  });
  it('find their place in a mail that has lost its blanks', () => {
    const own = base.map((line) => `\t\t${line}`);
    const diff = diffOf(text(own), text(own.with(19, '\t\tother;')));
    const stripped = diff
      .split('\n')
      .map((line) => (/^[ +-]\t/.test(line) ? `${line[0] === ' ' ? '' : `${line[0]} `}${line.slice(1).trim()}` : line))
      .join('\n');
    expect(apply(text(own), stripped).after).toBe(text(own.with(19, ' other;')));
  });
  it('do not apply: the nearest place, and what differs there', () => {
    const own = base.with(19, 'line twenty;').with(21, 'line 22b;');
    const { message, line } = refusal(() => apply(text(['new;', ...own]), diffOf(text(base), text(changed))));
    expect(message).toBe(
      'p:5: hunk 1 does not apply to a.c: nearest at line 18, where 2 of 7 lines differ: at line 21 the tree has `line twenty;`, and the patch `line 20;`; at line 23 the tree has `line 22b;`, and the patch `line 22;`',
    );
    expect(line).toBe(5);
  });
  it('do not apply twice', () => {
    expect(refusal(() => apply(text(changed), diffOf(text(base), text(changed)))).message).toContain(
      'what it makes is already there, at line 17: the patch is applied in this tree',
    );
  });
  it('are looked for in the file, however far away their header says they are', () => {
    const far = diffOf(text(base), text(changed)).replace(/^@@ -17,7 \+17,7/m, '@@ -999999999,7 +999999999,7');
    expect(apply(text(base), far).after).toBe(text(changed));
    expect(refusal(() => apply('x;\n', far)).reason).toBe('does-not-apply');
  });
  it('have a budget', () => {
    const same = text(Array.from({ length: 5000 }, () => 'x;'));
    const hunk = ['@@ -1,2000 +1,2001 @@', ...Array.from({ length: 1999 }, () => ' x;'), ' y;', '+z;'];
    const diff = ['--- a/a.c', '+++ b/a.c', ...hunk, ''].join('\n');
    expect(refusal(() => apply(same, diff, 1_000_000)).reason).toBe('too-large');
  });
  it('are the inverse of making a diff', () => {
    const line = fc.constantFrom('a;', 'b;', '{', '}', '', '\tc;');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), fc.integer({ min: 0, max: 4 }), (a, b, context) => {
        const [before, after] = [text(a), text(b)];
        if (before === after) return;
        const { after: made, entries } = apply(before, diffOf(before, after, context));
        expect(made).toBe(after);
        expect(entries.flatMap((one) => (one.kind === 'removed' ? [] : [one.text])).join('\n')).toBe(after);
        expect(entries.flatMap((one) => (one.kind === 'added' ? [] : [one.text])).join('\n')).toBe(before);
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
