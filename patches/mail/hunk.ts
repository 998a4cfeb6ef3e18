/**
 * One hunk: which of the lines after its header belong to it, and what each of them is.
 *
 * The counts of the header decide. In a whole diff that is plain reading. Archives strip blanks at the
 * start of lines, so that a context line may itself begin with `+` or `-`, and drop blank lines: then the
 * lines are told apart by what makes the counts come out.
 */
import { UnreadableInput } from './unreadable.ts';

export interface HunkHeader {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** What git prints behind the second `@@`: the function that the hunk starts in, if any. */
  readonly heading: string;
}
export type LineKind = 'context' | 'added' | 'removed';
export interface HunkLine {
  readonly kind: LineKind;
  /** The code, without mark and quotation. */
  readonly text: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** Column in the file at which `text` starts, from 1. */
  readonly column: number;
}
/** A line that may belong to the hunk, without quotation marks. */
export interface Candidate {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}
export interface HunkBody {
  readonly lines: readonly HunkLine[];
  /** How many of the candidates were used. */
  readonly used: number;
  /** Lines that the header counts and the text has not, per side. */
  readonly missing: { readonly old: number; readonly new: number };
  /** Lines that the text has up to the next header and the counts have not. */
  readonly surplus: number;
  /** Leading blanks of context lines are lost. */
  readonly stripped: boolean;
}

const headerPattern = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/;

/** The hunk header in `text`, or null. */
export function hunkHeader(text: string): HunkHeader | null {
  const match = headerPattern.exec(text);
  if (match === null) return null;
  return {
    oldStart: Number(match[1]),
    oldCount: Number(match[2] ?? '1'),
    newStart: Number(match[3]),
    newCount: Number(match[4] ?? '1'),
    heading: (match[5] ?? '').trim(),
  };
}

/** A context line of a stripped diff that looks like an added or removed one: `++x;` or `--x;`. */
const stepPattern = /^(\+\+|--)[A-Za-z_(*]/;

/**
 * Tells the lines of a hunk apart. `candidates` are the lines behind the header up to the next thing that
 * ends a hunk; `ended` says whether there was such a thing (false: the file ended first).
 * Throws `UnreadableInput` where the counts can be met in several ways.
 */
export function readHunkBody(
  header: HunkHeader,
  candidates: readonly Candidate[],
  ended: boolean,
  file: string,
  headerLine: number,
): HunkBody {
  const limit = header.oldCount + header.newCount;
  const plain = greedy(header, candidates, limit);
  let { used } = plain;
  const own = candidates.slice(0, used);
  const unmet = plain.old < header.oldCount || plain.new < header.newCount;
  const stripped =
    own.some((one) => one.text !== '' && !/^[ \t+\-\\]/.test(one.text)) || (unmet && !own.some((one) => one.text.startsWith(' ')));
  const rest = candidates.slice(used);
  // Somebody edited the patch and not the counts: what stands between the hunk and the next header is the
  // hunk's, unless a blank line parts them, or it is no line of a diff (then it is prose).
  const edited =
    ended && rest.length > 0 && rest[0]?.text !== '' && (stripped || rest.every((one) => one.text === '' || /^[ \t+\-\\]/.test(one.text)));
  if (edited) used = candidates.length;
  const steps = stripped ? candidates.slice(0, used).flatMap((one, index) => (stepPattern.test(one.text) ? [index] : [])) : [];
  const plus = steps.filter((index) => candidates[index]?.text[0] === '+');
  const minus = steps.filter((index) => candidates[index]?.text[0] === '-');
  let needOld = header.oldCount - plain.old;
  let needNew = header.newCount - plain.new;
  let context = new Set<number>();
  if (edited) {
    // The counts say nothing now. An added `++x;` would be `+++x;`.
    context = new Set(steps);
    needOld = 0;
    needNew = 0;
  } else if (steps.length > 0 && (needOld > 0 || needNew > 0)) {
    // A line counted on one side only, which is really context, leaves the other side short.
    const take = bestCount(plus.length, minus.length, needOld, needNew);
    if (take.ambiguous) {
      throw new UnreadableInput(
        'ambiguous',
        file,
        headerLine,
        'blanks at the start of lines are lost, and the counts of this hunk can be met in several ways: give the mail as it was sent',
      );
    }
    context = new Set([...plus.slice(0, take.plus), ...minus.slice(0, take.minus)]);
    needOld -= take.plus;
    needNew -= take.minus;
  }
  const surplus = edited ? rest.filter((one) => one.text !== '').length : 0;
  const lines: HunkLine[] = [];
  for (let index = 0; index < used; index += 1) {
    const one = candidates[index];
    if (one === undefined || one.text.startsWith('\\')) continue;
    lines.push(hunkLine(one, stripped, context.has(index)));
  }
  return { lines, used, missing: { old: Math.max(0, needOld), new: Math.max(0, needNew) }, surplus, stripped };
}

/** Reads lines by their first character until the counts are met, or one more line would exceed them. */
function greedy(header: HunkHeader, candidates: readonly Candidate[], limit: number): { used: number; old: number; new: number } {
  let used = 0;
  let old = 0;
  let fresh = 0;
  for (const one of candidates) {
    if (old >= header.oldCount && fresh >= header.newCount && !one.text.startsWith('\\')) break;
    if (used > limit + 1) break;
    const sign = one.text[0];
    if (sign === '+') fresh += 1;
    else if (sign === '-') old += 1;
    else if (sign !== '\\') {
      old += 1;
      fresh += 1;
    }
    if (old > header.oldCount || fresh > header.newCount) {
      // The line does not fit in: unless it is a context line read as added or removed, the hunk ends here.
      if (sign === '+') fresh -= 1;
      else if (sign === '-') old -= 1;
      else {
        old -= 1;
        fresh -= 1;
      }
      break;
    }
    used += 1;
  }
  return { used, old, new: fresh };
}

/**
 * How many of the doubtful `+` and `-` lines to take as context so that as few lines as possible are
 * missing. Ambiguous if that takes some but not all of them: nobody can say which.
 */
function bestCount(plus: number, minus: number, needOld: number, needNew: number): { plus: number; minus: number; ambiguous: boolean } {
  let best = { plus: 0, minus: 0, missing: Number.POSITIVE_INFINITY };
  for (let p = 0; p <= Math.min(plus, needOld); p += 1) {
    for (let m = 0; m <= Math.min(minus, needNew); m += 1) {
      const missing = Math.max(needOld - p, needNew - m);
      if (missing < best.missing) best = { plus: p, minus: m, missing };
    }
  }
  const ambiguous = (best.plus > 0 && best.plus < plus) || (best.minus > 0 && best.minus < minus);
  return { plus: best.plus, minus: best.minus, ambiguous };
}

function hunkLine(one: Candidate, stripped: boolean, isContext: boolean): HunkLine {
  const sign = one.text[0];
  if (!isContext && (sign === '+' || sign === '-')) {
    return { kind: sign === '+' ? 'added' : 'removed', text: one.text.slice(1), line: one.line, column: one.column + 1 };
  }
  const marked = !stripped && sign === ' ';
  return { kind: 'context', text: marked ? one.text.slice(1) : one.text, line: one.line, column: one.column + (marked ? 1 : 0) };
}
