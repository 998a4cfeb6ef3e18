/**
 * What the types of locals say about the numbers in generated code.
 *
 * In: generated code. Out: plain data, which threads can send, and how it is asked. Never: the code generator itself in a thread that only translates.
 */
import { type GeneratedCode, intervalOf } from '../emit/index.ts';
import type { LocalRange } from './read.ts';
import type { Range } from './tree.ts';

export interface Locals {
  /** Number of the spec whose locals a function uses, by its name. */
  readonly owners: ReadonlyMap<string, number>;
  /** By spec, and by the local's name in the text. */
  readonly ranges: ReadonlyMap<number, ReadonlyMap<string, Range>>;
}

export function localsOf({ context, owners }: GeneratedCode): Locals {
  const ranges = context.program.specs.map((spec): [number, ReadonlyMap<string, Range>] => {
    const names = context.namesOf(spec);
    return [spec.index, new Map([...spec.locals].map(([local, type]) => [names.get(local) ?? '', intervalOf(context.tables, type)]))];
  });
  return { owners, ranges: new Map(ranges) };
}

/** Asked by the names that the generated text gives locals: `v3`, or `x12_3` where spec 12 was put in place. */
export function rangesIn({ owners, ranges }: Locals): LocalRange {
  return (owner, name) => {
    const [, inner, local] = /^x(\d+)_(\d+)$/.exec(name) ?? [];
    const index = inner === undefined ? owners.get(owner) : Number(inner);
    return index === undefined ? null : (ranges.get(index)?.get(local === undefined ? name : `v${local}`) ?? null);
  };
}
