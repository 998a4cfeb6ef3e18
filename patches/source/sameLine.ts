/**
 * When a line of a file is a line of a hunk, and how many may be compared.
 */
import type { Hunk } from '../mail/patchText.ts';
import { UnreadableInput } from '../mail/unreadable.ts';

/** How many lines may still be compared; shared by the hunks of a patch. */
export interface Budget {
  left: number;
}

/** Comparisons of lines for one patch: seconds. An honest patch needs thousands. */
export const compareBudget = 20_000_000;

/** A line of the file, or of the hunk, as they are compared. */
export type SameLine = (own: string, theirs: string) => boolean;

/** Lost indentation does not count where the mail has lost it. */
export function sameLine(hunk: Pick<Hunk, 'stripped'>): SameLine {
  if (!hunk.stripped) return (own, theirs) => own === theirs;
  const plain = (line: string): string => line.replace(/\s+/g, ' ').trim();
  return (own, theirs) => own === theirs || plain(own) === plain(theirs);
}

export function spend(budget: Budget, amount: number, file: string, line: number): void {
  budget.left -= amount;
  if (budget.left < 0)
    throw new UnreadableInput(
      'too-large',
      file,
      line,
      'takes too long to apply: hunks that fit nearly everywhere, or far too many of them',
    );
}
