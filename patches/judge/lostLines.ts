/**
 * Functions out of hunks that lost lines on their way: archives drop blank ones, and people who reply cut.
 *
 * What is missing cannot be known from the text. It can be shown to be no code where what the function was before the
 * patch, without those lines, does exactly what the model's base does.
 */
import type { FunctionText, SideContents } from '../c/extract.ts';
import { lowerFunctions, parseFunction } from '../lower/function.ts';
import type { Hunk } from '../mail/patchText.ts';
import { UnreadableInput } from '../mail/unreadable.ts';
import { sameBehaviour } from './lockstep.ts';
import type { ReportInput } from './reportInput.ts';

/** Why `one`, a function that is whole as far as brackets tell, may lack lines that the hunk lost; null if it lacks none. */
export function mayLack(one: FunctionText, hunk: Hunk, before: SideContents, input: ReportInput): string | null {
  const { missing } = hunk;
  if (missing.new === 0) return null;
  if (missing.new > missing.old)
    return `may lack code: ${missing.new - missing.old} of the lines that hunk ${hunk.number} adds are missing`;
  // As many are missing on both sides: lines of context. A function that is all new has none.
  if (one.lines.every((line) => line.change === 'added')) return null;
  if (wasTheBases(one.name, before, input)) return null;
  return `may lack code: ${missing.new} lines of context are missing in hunk ${hunk.number}, and what it was before is not what the model's base does`;
}

/** Whether the function as it was, without what is missing, does what the base's procedure does. */
function wasTheBases(name: string, before: SideContents, { base, bindings, parser, environment, file }: ReportInput): boolean {
  const source = before.functions.find((one) => one.name === name);
  const own = base?.get(name);
  if (source === undefined || own === undefined || base === null) return false;
  try {
    const parsed = parseFunction(source, file, bindings, parser);
    const [lowered] = lowerFunctions([parsed], { bindings, parser, environment: { ...environment, procedures: base } });
    return lowered?.procedure != null && sameBehaviour(lowered.procedure, own, base) !== null;
  } catch (error) {
    if (error instanceof UnreadableInput) return false;
    throw error;
  }
}
