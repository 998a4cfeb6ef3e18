/**
 * What became of a patch's hunks, as the report has it.
 */
import type { HunkPart } from '../../patches/index.ts';
import type { PatchPart } from '../results.ts';

export function partOf(part: HunkPart): PatchPart {
  const { kind, line } = part;
  switch (part.kind) {
    case 'checked':
      return { kind, line, name: `${part.name}()`, detail: part.lost === 0 ? '' : keptWhole(part.lost) };
    case 'define':
      return { kind, line, name: part.name, detail: `value ${part.value}` };
    case 'stoodIn':
      return { kind, line, name: `${part.procedure}()`, detail: pairsText(part) };
    case 'expanded':
      return { kind, line, name: part.name, detail: `into ${part.users.map((user) => `${user}()`).join(', ')}` };
    case 'ignorable':
      return { kind, line, name: part.what, detail: '' };
    case 'notModelled':
      return { kind, line, name: part.name, detail: part.why };
  }
}

function keptWhole(lost: number): string {
  return `${lost} lines of the hunk are missing; without them, what it replaces does exactly what the model's base does, so they were no code of it`;
}

/** Which line of the patch is which line of the model. */
function pairsText({ pairs, side }: HunkPart & { kind: 'stoodIn' }): string {
  const same = [...new Set(pairs.map(({ left, right }) => `${left.line} = ${right.file}:${right.line}`))];
  return `${side} lines do the same: ${same.join(', ')}`;
}

export function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
