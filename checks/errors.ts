/**
 * What can go wrong before there is a verdict, by whose fault it is.
 *
 * In: nothing. Out: error classes, each of which has an exit code of its own. Never: a stack trace for a user.
 */

import { escapeText } from '../counterexamples/index.ts';

/** The user named something that does not exist, or asked for a combination that makes no sense. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** A file or standard input is not what the verb reads. One line, safe to print. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
}

/** More names than these are not listed. */
const namesMax = 8;

/** `unknown scenario "3.3-X"; there are: …`: all of them, or the nearest, and those first that hold what was typed. */
export function unknownName(what: string, name: string, known: readonly string[]): WrongUse {
  const rank = (each: string) => (name !== '' && plain(each).includes(plain(name)) ? 0 : 1 + distance(name, each));
  const nearest = known
    .map((each) => ({ each, rank: rank(each) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, namesMax)
    .map(({ each }) => each);
  const list = nearest.join(', ');
  const hint =
    known.length === 0 ? 'there is none' : known.length > namesMax ? `nearest of ${known.length}: ${list}` : `there are: ${list}`;
  return new WrongUse(`unknown ${what} "${escapeText(name, 80)}"; ${hint}`);
}

/** `3.3-B`, `3.3 b` and `3.3B` are near each other. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** Edit distance on plain names cut to a sensible length. */
function distance(left: string, right: string): number {
  const a = plain(left).slice(0, 64);
  const b = plain(right).slice(0, 64);
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
