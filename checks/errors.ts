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

/** `unknown scenario "3.3-X"; there are: …`, nearest names first. */
export function unknownName(what: string, name: string, known: readonly string[]): WrongUse {
  const nearest = [...known].sort((a, b) => distance(name, a) - distance(name, b)).slice(0, 8);
  const rest = known.length > nearest.length ? ', …' : '';
  return new WrongUse(
    `unknown ${what} "${escapeText(name, 80)}"; ${nearest.length === 0 ? 'there is none' : `there are: ${nearest.join(', ')}${rest}`}`,
  );
}

/** Edit distance, case-insensitive, on names cut to a sensible length. */
function distance(left: string, right: string): number {
  const a = left.toLowerCase().slice(0, 64);
  const b = right.toLowerCase().slice(0, 64);
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
