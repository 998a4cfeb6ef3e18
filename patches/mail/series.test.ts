import { describe, expect, it } from 'vitest';
import { readSeries } from './series.ts';

const diff = (path: string): string =>
  [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, '@@ -1 +1 @@', '-int a;', '+int b;', ''].join('\n');
const mail = (subject: string, body: string): string =>
  `From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: ${subject}\n\n${body}\n-- \n2.39.5\n\n`;
const read = (text: string) =>
  readSeries('m', text).map(({ text: { subject, hunks } }) => [subject, hunks.map((hunk) => `${hunk.path}:${hunk.line}`)]);

describe('a series', () => {
  it('is its patches by their numbers, with lines of the whole file; a cover letter is none', () => {
    const text = [mail('[PATCH v2 0/2] c', 'Why.'), mail('[PATCH v2 2/2] b', diff('b.c')), mail('[PATCH v2 1/2] a', diff('a.c'))].join('');
    const lines = text.split('\n');
    const [second = 0, first = 0] = lines.flatMap((line, index) => (line.startsWith('@@') ? [index + 1] : []));
    expect(read(text)).toEqual([
      ['[PATCH v2 1/2] a', [`a.c:${first}`]],
      ['[PATCH v2 2/2] b', [`b.c:${second}`]],
    ]);
  });
  it('keeps its order where numbers are missing or there twice', () => {
    const subjects = (...all: string[]) => read(all.map((subject) => mail(subject, diff('a.c'))).join('')).map(([subject]) => subject);
    expect(subjects('[PATCH 2/2] b', '[PATCH] a')).toEqual(['[PATCH 2/2] b', '[PATCH] a']);
    expect(subjects('[PATCH 1/2] b', '[PATCH v2 1/2] a')).toEqual(['[PATCH 1/2] b', '[PATCH v2 1/2] a']);
  });
  it('is not made longer by replies that quote its patches', () => {
    const quoted = diff('a.c').replace(/^/gm, '> ');
    expect(read(mail('[PATCH] a', diff('a.c')) + mail('Re: [PATCH] a', quoted))).toEqual([['[PATCH] a', ['a.c:7']]]);
    expect(read(mail('Re: [PATCH] a', quoted))).toEqual([['Re: [PATCH] a', ['a.c:7']]]);
  });
  it('may be one diff without any mail', () => {
    expect(read(diff('a.c'))).toEqual([['', ['a.c:4']]]);
  });
  it('is refused where there is no diff, or far too many mails', () => {
    expect(() => read(mail('[PATCH 0/2] c', 'Why.'))).toThrow('contains no diff');
    expect(() => read(mail('x', '').repeat(501))).toThrow('holds more than 500 mails');
  });
});
