/**
 * A series: the patches of an mbox, or of one mail, in the order in which they are applied.
 *
 * In: the text of a file. Out: one patch for each mail that carries a diff. Never: a cover letter or a reply taken for a patch.
 */
import { type PatchText, readPatchText } from './patchText.ts';
import { UnreadableInput } from './unreadable.ts';

/** One mail of a file. */
interface Mail {
  readonly text: string;
  /** Line of the file on which it begins, from 1. */
  readonly first: number;
}
/** A patch of a series. */
export interface SeriesPatch {
  readonly text: PatchText;
  /** Its number n of `[PATCH n/m]`, or null. */
  readonly number: number | null;
}

/** More mails than any series has; a guard against whole archives. */
const mailLimit = 500;

/**
 * The patches in `text`. Mails without a diff, and replies that only quote one, are left out where there are others. Mails of
 * an mbox are put in the order of their numbers if all have different ones. Throws `UnreadableInput`.
 */
export function readSeries(file: string, text: string): SeriesPatch[] {
  const mails = mailsOf(text);
  if (mails.length > mailLimit)
    throw new UnreadableInput('too-large', file, mails[mailLimit]?.first ?? null, `holds more than ${mailLimit} mails: give one series`);
  const patches: SeriesPatch[] = [];
  let without: UnreadableInput | null = null;
  for (const mail of mails) {
    try {
      const patch = readPatchText(file, mail.text, mail.first);
      patches.push({ text: patch, number: numberIn(patch.subject) });
    } catch (error) {
      if (!(error instanceof UnreadableInput) || error.reason !== 'no-diff') throw error;
      without = error;
    }
  }
  if (patches.length === 0) throw without ?? new UnreadableInput('no-diff', file, null, 'contains no diff');
  const own = patches.filter(({ text: { hunks, files } }) =>
    hunks.length === 0 ? files.length > 0 : hunks.some((hunk) => hunk.quoted === 0),
  );
  return inOrder(own.length > 0 ? own : patches);
}

/** Split at the lines that an mbox puts in front of each mail. Text without any is one mail. */
function mailsOf(text: string): Mail[] {
  const starts = [0];
  const lines = [1];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    // The same line that ends a hunk, see candidatesOf().
    if (at > 0 && stop - at < 1000 && text.startsWith('From ', at) && /^From \S+ .*\d{4}\r?$/.test(text.slice(at, stop))) {
      starts.push(at);
      lines.push(line);
    }
    at = stop + 1;
    line += 1;
  }
  return starts.map((start, index) => ({ text: text.slice(start, starts[index + 1] ?? text.length), first: lines[index] ?? 1 }));
}

/** `[PATCH v3 2/7]`: 2. */
function numberIn(subject: string): number | null {
  const match = /\[[^\]]{0,60}?\b(\d{1,3})\/\d{1,3}\]/.exec(subject.slice(0, 300));
  return match === null ? null : Number(match[1]);
}

function inOrder(patches: SeriesPatch[]): SeriesPatch[] {
  const numbers = new Set(patches.map((patch) => patch.number));
  if (numbers.has(null) || numbers.size < patches.length) return patches;
  return [...patches].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
}
