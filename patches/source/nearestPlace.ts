/**
 * Of a hunk that does not apply: where it nearly does, and which lines differ there.
 */
import type { Hunk } from '../mail/patchText.ts';
import { printable } from '../mail/unreadable.ts';
import type { Budget, SameLine } from './sameLine.ts';

/** How many differing lines are shown. */
const shownMax = 3;

/**
 * Why `hunk` does not fit into `lines`, as the end of a sentence: it is there already, or the place with most equal lines, nearest to
 * `expected` (a line, from 1), with the lines that differ.
 */
export function whyNot(lines: readonly string[], hunk: Hunk, expected: number, same: SameLine, budget: Budget): string {
  const side = (left: 'added' | 'removed') => hunk.lines.filter((line) => line.kind !== left);
  const old = side('added').map((line) => line.text);
  const fresh = side('removed').map((line) => line.text);
  const done = bestPlace(lines, fresh, expected, same, budget);
  if (done !== null && done.equal === fresh.length && hunk.lines.some((line) => line.kind === 'added'))
    return `what it makes is already there, at line ${done.at + 1}: the patch is applied in this tree`;
  const best = bestPlace(lines, old, expected, same, budget);
  if (best === null || best.telling === 0) return `nothing like it is there (its header says line ${hunk.header.oldStart})`;
  const different = old.flatMap((text, index) => {
    const own = lines[best.at + index];
    return own !== undefined && same(own, text) ? [] : [{ line: best.at + index + 1, own, text }];
  });
  const shown = different.slice(0, shownMax).map(({ line, own, text }) => {
    const there = own === undefined ? 'the file has ended' : `the tree has ${quoted(own)}`;
    return `at line ${line} ${there}, and the patch ${quoted(text)}`;
  });
  const more = different.length > shownMax ? `; ${different.length - shownMax} more` : '';
  return `nearest at line ${best.at + 1}, where ${different.length} of ${old.length} lines differ: ${shown.join('; ')}${more}`;
}

interface Best {
  readonly at: number;
  /** Lines that are equal, and those of them that are more than a brace or blanks. */
  readonly equal: number;
  readonly telling: number;
}

/** Null if there is nothing to compare, or no budget to do so. */
function bestPlace(lines: readonly string[], wanted: readonly string[], expected: number, same: SameLine, budget: Budget): Best | null {
  if (wanted.length === 0 || lines.length * wanted.length > budget.left) return null;
  budget.left -= lines.length * wanted.length;
  const telling = wanted.map((text) => /[A-Za-z0-9]/.test(text));
  let best: Best | null = null;
  const better = (one: Best, than: Best): boolean =>
    one.telling !== than.telling
      ? one.telling > than.telling
      : one.equal !== than.equal
        ? one.equal > than.equal
        : Math.abs(one.at + 1 - expected) < Math.abs(than.at + 1 - expected);
  for (let at = 0; at < lines.length; at += 1) {
    const one = { at, equal: 0, telling: 0 };
    for (let index = 0; index < wanted.length; index += 1) {
      const own = lines[at + index];
      if (own === undefined) break;
      if (!same(own, wanted[index] ?? '')) continue;
      one.equal += 1;
      if (telling[index] === true) one.telling += 1;
    }
    if (best === null || better(one, best)) best = one;
  }
  return best;
}

function quoted(text: string): string {
  return `\`${printable(text.trim(), 60)}\``;
}
