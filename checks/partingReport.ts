/**
 * Where two runs part, as reports have it.
 *
 * In: a parting, names for the two. Out: plain data with sentences. Never: a line that is not of the text that it names.
 */
import { type Deed, type Pair, type Parting, whyTheyPart } from '../counterexamples/index.ts';
import type { ComparisonResult } from './results.ts';
import { sourceText } from './sources.ts';

type Reported = NonNullable<ComparisonResult['parting']>;
/** The lines of a patch's or a tree's own file; undefined for any other. */
type LinesOf = (file: string) => readonly string[] | undefined;
const noLines: LinesOf = () => undefined;

/** `lines`: of C, for either side. */
export function partingOf(
  parting: Parting,
  a: string,
  b: string,
  lines: { a: LinesOf; b: LinesOf } = { a: noLines, b: noLines },
): Reported {
  const { step, process, title, first, tests, effect, state } = parting;
  const pairOf = (pair: Pair<Deed>): Reported['first'] => ({
    a: pair.a === null ? null : told(pair.a, lines.a),
    b: pair.b === null ? null : told(pair.b, lines.b),
  });
  return {
    step,
    process,
    title,
    first: pairOf(first),
    tests: pairOf(tests),
    effect: pairOf(effect),
    state: [...state],
    why: whyTheyPart(parting, a, b),
  };
}

function told({ text, procedure, position: { file, line, language } }: Deed, linesOf: LinesOf): NonNullable<Reported['first']['a']> {
  const lines = language === 'typescript' ? sourceText(file).split('\n') : linesOf(file);
  return { text, procedure, file, line, source: (lines?.[line - 1] ?? '').trim() };
}
