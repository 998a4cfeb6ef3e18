import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPatchText } from './patchText.ts';
import { UnreadableInput } from './unreadable.ts';

const head = ['diff --git a/k/a.c b/k/a.c', '--- a/k/a.c', '+++ b/k/a.c'];
const whole = [...head, '@@ -10,4 +10,5 @@ int f(void)', ' {', '-\ta();', '+\tb();', '+\tc();', ' ', ' }', '-- ', '2.40.1', ''];
const kinds = (text: string, hunk = 0) => readPatchText('m', text).hunks[hunk]?.lines.map((line) => `${line.kind[0]}${line.text}`);
function refusal(text: string): UnreadableInput {
  try {
    readPatchText('m', text);
  } catch (error) {
    if (error instanceof UnreadableInput) return error;
    throw error;
  }
  throw new Error('was read');
}

describe('a diff as it was sent', () => {
  it('has lines, kinds, positions and the function that the hunk starts in', () => {
    const [hunk] = readPatchText('m', whole.join('\n')).hunks;
    expect(hunk).toMatchObject({ path: 'k/a.c', line: 4, stripped: false, quoted: 0, missing: { old: 0, new: 0 }, surplus: 0 });
    expect(hunk?.header).toMatchObject({ oldStart: 10, oldCount: 4, newCount: 5, heading: 'int f(void)' });
    expect(hunk?.lines[2]).toEqual({ kind: 'added', text: '\tb();', line: 7, column: 2 });
    expect(kinds(whole.join('\n'))).toEqual(['c{', 'r\ta();', 'a\tb();', 'a\tc();', 'c', 'c}']);
  });
  it('may lack the blank of a blank context line, and have carriage returns', () => {
    const text = whole.map((line) => (line === ' ' ? '' : line)).join('\r\n');
    expect(kinds(text)).toEqual(['c{', 'r\ta();', 'a\tb();', 'a\tc();', 'c', 'c}']);
  });
  it('ends where its counts say, whatever follows', () => {
    const text = [...head, '@@ -1 +1 @@', '-a', '+b', '+ 1 is what I would write', '', '- and why not', ''].join('\n');
    expect(kinds(text)).toEqual(['ra', 'ab']);
  });
  it('may say that there is no newline at the end of the file', () => {
    expect(
      kinds([...head, '@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+b', '\\ No newline at end of file', ''].join('\n')),
    ).toEqual(['ra', 'ab']);
  });
  it('comes as several mails in one file', () => {
    const mail = (subject: string) => [
      'From 0123456789 Mon Sep 17 00:00:00 2001',
      `Subject: ${subject}`,
      '',
      ' 1 file changed',
      '',
      ...whole.slice(0, -3),
      '-- ',
      '2.40.1',
      '',
    ];
    const read = readPatchText('m', [...mail('one'), ...mail('two')].join('\n'));
    expect(read.hunks.map((hunk) => hunk.number)).toEqual([1, 2]);
    expect(read.subject).toBe('one');
  });
  it('may have a subject that goes on in the next line', () => {
    const text = [
      'From: A <a@b.c>',
      'Subject: [PATCH] KVM: Check and',
      ' free it',
      'Date: now',
      '',
      ...head,
      '@@ -1 +1 @@',
      '-a',
      '+b',
      '',
    ];
    expect(readPatchText('m', text.join('\n')).subject).toBe('[PATCH] KVM: Check and free it');
  });
  it('comes as quoted-printable, and keeps the lines of the file', () => {
    const text = ['Content-Transfer-Encoding: quoted-printable', '', ...head, '@@ -1 +1,2 @@', ' a', '+x =3D 1 + =', '2;', ''].join('\n');
    expect(readPatchText('m', text).hunks[0]?.lines[1]).toEqual({ kind: 'added', text: 'x = 1 + 2;', line: 8, column: 2 });
  });
});

describe('a diff that an archive stripped', () => {
  const stripped = (lines: string[], counts: string) => [...head, `@@ ${counts} @@ int f(void)`, ...lines, '--', '2.34.1'].join('\n');
  it('has context lines without their blank', () => {
    expect(kinds(stripped(['{', '- a();', '+ b();', '', '}'], '-1,4 +1,4'))).toEqual(['c{', 'r a();', 'a b();', 'c', 'c}']);
  });
  it('has context lines that begin with + or -, which the counts tell', () => {
    expect(kinds(stripped(['{', '- a();', '+ b();', '++n;', '--m;', '}'], '-1,5 +1,5'))).toEqual([
      'c{',
      'r a();',
      'a b();',
      'c++n;',
      'c--m;',
      'c}',
    ]);
    expect(kinds(stripped(['{', '+++n;', '}'], '-1,2 +1,3'))).toEqual(['c{', 'a++n;', 'c}']);
  });
  it('is refused where the counts can be met in several ways', () => {
    expect(refusal(stripped(['{', '++n;', '++m;', '}'], '-1,3 +1,4'))).toMatchObject({ reason: 'ambiguous', line: 4 });
  });
  it('may have lost blank lines: how many is said', () => {
    const read = readPatchText('m', stripped(['{', '+ b();', '}'], '-1,4 +1,5'));
    expect(read.hunks[0]?.missing).toEqual({ old: 2, new: 2 });
    expect(read.notes).toEqual(['hunk 1 (line 4): 2 of 5 lines are missing (an archive drops blank ones)']);
  });
  it('may have been edited without its counts', () => {
    const read = readPatchText('m', stripped(['{', '+ b();', '+ c();', '++n;', '}'], '-1,3 +1,4'));
    expect(read.hunks[0]?.lines.map((line) => line.kind)).toEqual(['context', 'added', 'added', 'context', 'context']);
    expect(read.notes[0]).toMatch(/1 lines? more than its header counts/);
  });
});

describe('a quoted diff', () => {
  it('is read through the comments between its lines', () => {
    const lines = whole.slice(0, -1).flatMap((line, index) => (index === 5 ? [`> ${line}`, '', '+ this is prose', ''] : [`> ${line}`]));
    const read = readPatchText('m', ['On Monday somebody wrote:', ...lines, ''].join('\n'));
    expect(read.hunks[0]?.lines.map((line) => line.text)).toEqual(['{', '\ta();', '\tb();', '\tc();', '', '}']);
    expect(read.hunks[0]).toMatchObject({ quoted: 1 });
    expect(read.notes[0]).toMatch(/quoted/);
  });
  it('may be quoted twice', () => {
    expect(kinds(whole.map((line) => `>> ${line}`).join('\n'))).toHaveLength(6);
  });
});

describe('what is no patch', () => {
  it.each([
    ['no diff', 'Hello,\n\nthis is a cover letter.\n', 'no-diff', 'm: contains no diff: give the mail that carries the patch itself'],
    ['nothing', '', 'no-diff', 'm: contains no diff: give the mail that carries the patch itself'],
    [
      'a hunk cut off',
      whole.slice(0, 7).join('\n'),
      'truncated',
      'm:7: ends inside the hunk that starts in line 4: 3 of its lines are missing; give the whole mail',
    ],
    [
      'a file cut off',
      [...whole, 'diff --git a/b.c b/b.c'].join('\n'),
      'truncated',
      'm:14: the diff of b.c has no hunk: give the whole mail',
    ],
    [
      'files left out',
      [' 2 files changed, 3 insertions(+)', '', ...whole].join('\n'),
      'truncated',
      'm:1: 2 files are said to be changed, and the diffs of 1 are there: give the whole mail',
    ],
    [
      'base64',
      ['Content-Transfer-Encoding: base64', '', 'QUJD'.repeat(19)].join('\n'),
      'encoded',
      'm:1: the mail is base64: save it decoded (git am reads it, b4 am writes it)',
    ],
  ])('is refused in one line: %s', (_what, text, reason, message) => {
    expect(refusal(text)).toMatchObject({ reason, message });
  });
  it('does not put control characters of a path into a message', () => {
    expect(refusal('diff --git a/\u001b[2J b/\u001b[2J\n').message).toBe('m:1: the diff of ?[2J has no hunk: give the whole mail');
  });
});

describe('the reader', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ...whole,
      '--- a/x',
      '+++ b/x',
      '@@ -1,3 +1,3 @@',
      '> @@ -1 +1 @@',
      '> ',
      '++i;',
      '--i;',
      'From a Mon 2001',
      '\\ No newline',
      '@@ -999999999,999999999 +1 @@',
    ),
    fc.string({ maxLength: 30 }),
  );
  it('gives a patch or one clear refusal for any text, and no line twice', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        try {
          const read = readPatchText('m', lines.join('\n'));
          const used = read.hunks.flatMap((hunk) => hunk.lines.map((one) => one.line));
          expect(new Set(used).size).toBe(used.length);
          for (const hunk of read.hunks) for (const one of hunk.lines) expect(lines[one.line - 1]).toContain(one.text);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableInput);
          expect((error as Error).message).not.toMatch(/\n/);
        }
      }),
      { numRuns: 400, seed: 20211209 },
    );
  });

  const change = fc.record({
    kind: fc.constantFrom('context', 'added', 'removed'),
    text: fc.constantFrom('', '\ta();', '\t++n;', '}', '\t\t/* x */', '\treturn;'),
  });
  it('reads back what a diff writes, whole or stripped', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), fc.boolean(), (changes, strip) => {
        const count = (side: string) => changes.filter((one) => one.kind === 'context' || one.kind === side).length;
        const marks = { context: ' ', added: '+', removed: '-' } as Record<string, string>;
        const written = changes.map((one) => {
          if (!strip) return `${marks[one.kind]}${one.text}`;
          const bare = one.text.trim();
          return one.kind === 'context' ? bare : `${marks[one.kind]} ${bare}`;
        });
        const text = [...head, `@@ -1,${count('removed')} +1,${count('added')} @@`, ...written, '-- ', ''].join('\n');
        // A run of lines that are all `++n;` cannot be told apart once stripped: then it is refused.
        let read: ReturnType<typeof readPatchText>;
        try {
          read = readPatchText('m', text);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'ambiguous' });
          return;
        }
        expect(read.hunks[0]?.lines.map((one) => [one.kind, one.text.trim()])).toEqual(changes.map((one) => [one.kind, one.text.trim()]));
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
