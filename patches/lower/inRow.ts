/**
 * Structures that lie in rows (`mmu->root`, `mmu->prev_roots[i]`): copied and exchanged by those of their members that the model has.
 */
import type { Expr } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import type { Context } from './context.ts';
import { memberOf, partsOf } from './places.ts';
import { assign, toScalar } from './scalars.ts';
import type { Value } from './values.ts';

type MemberValue = Extract<Value, { kind: 'member' }>;

/** `to = from`. */
export function copyParts(to: MemberValue, from: MemberValue, node: CNode, context: Context): void {
  write(to, read(from, commonParts(to, from, node, context), node, context), node, context);
}

/** `swap(a, b)`: both are read before either is written. */
export function swapParts(a: MemberValue, b: MemberValue, node: CNode, context: Context): void {
  const parts = commonParts(a, b, node, context);
  const [one, other] = [read(a, parts, node, context), read(b, parts, node, context)];
  write(a, other, node, context);
  write(b, one, node, context);
}

/** Members that are bound on both sides, by the names of one kernel. */
function commonParts(a: MemberValue, b: MemberValue, node: CNode, context: Context): readonly string[] {
  const parts = partsOf(a, context);
  const other = new Set(partsOf(b, context));
  if (parts.length === 0 || parts.length !== other.size || !parts.every((part) => other.has(part)))
    context.fail(node.text, 'copies structures of which the model has different parts', node);
  return parts;
}

function read(from: MemberValue, parts: readonly string[], node: CNode, context: Context): ReadonlyMap<string, Expr> {
  return new Map(parts.map((part) => [part, toScalar(memberOf(from, part, node, context), node, context)]));
}

function write(to: MemberValue, values: ReadonlyMap<string, Expr>, node: CNode, context: Context): void {
  for (const [part, value] of values) assign(memberOf(to, part, node, context), value, node, context);
}
