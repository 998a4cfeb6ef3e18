/**
 * Children of a syntax tree that must be there.
 */
import { type CNode, child } from '../c/node.ts';
import type { Context } from './context.ts';

/** The child that the grammar calls `field`. Throws `NotModelled` if a form has none. */
export function part(node: CNode, field: string, context: Context): CNode {
  return child(node, field) ?? context.fail(node.text, 'is not of a form that is read', node);
}
