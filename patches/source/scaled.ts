/**
 * Numbers of the kernel that the model has smaller: four PAE roots, ten pages in a batch.
 *
 * In: a function before and after. Out: such a number that is another now. Never: one that goes with all that it stands in.
 */
import type { Bindings } from '../bindings/schema.ts';
import { type CNode, walk } from '../c/node.ts';
import type { ParsedFunction } from '../lower/function.ts';
import type { Found } from './untold.ts';

/**
 * `i < 4` is bound as the model's count of entries, and `i < 3` would be three of them, of which the model may have one. Of a new function there is
 * nothing to say: `before` is null.
 */
export function scaledChange(before: ParsedFunction | null, after: ParsedFunction, { scaledLiterals }: Bindings): Found | null {
  if (before === null) return null;
  const [old, fresh] = [numbersOf(before.definition), numbersOf(after.definition)];
  const own = [...scaledLiterals].flatMap(([key, means]) => {
    const [name, literal = ''] = key.split(' ');
    return name === after.source.name && /^\d/.test(literal) ? [{ literal, means }] : [];
  });
  for (const { literal, means } of own) {
    const gone = timesOf(literal, old) - timesOf(literal, fresh);
    const come = fresh.find(({ text }) => timesOf(text, fresh) > timesOf(text, old));
    if (gone <= 0 || come === undefined) continue;
    const line = after.source.lines[Math.min(come.row, after.source.lines.length - 1)]?.line ?? 0;
    const why = `is ${means} in the model, which may be another number, and ${come.text} has no counterpart there (in ${after.source.name}())`;
    return { name: literal, why, line };
  }
  return null;
}

function numbersOf(definition: CNode): CNode[] {
  return [...walk(definition)].filter(({ type }) => type === 'number_literal');
}

function timesOf(literal: string, numbers: readonly CNode[]): number {
  return numbers.filter(({ text }) => text === literal).length;
}
