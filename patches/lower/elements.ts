/**
 * Elements of arrays in structures that are taken apart: locals one by one, found by an index at run time.
 */
import type { Expr } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import type { Context } from './context.ts';
import type { Value } from './values.ts';
import { constant, localExpr } from './values.ts';

type ElementValue = Extract<Value, { kind: 'recordElement' }>;

/** The element, found by its index. One outside the array is memory that is not there. */
export function readElement({ locals, index, type }: ElementValue, node: CNode, context: Context): Expr {
  const result = context.temporary(type);
  eachElement(locals, index, node, context, (local) =>
    context.emit({ kind: 'assign', dst: result.name, value: localExpr(local, type) }, node),
  );
  return result.expr;
}
/** Writes the element. */
export function writeElement({ locals, index, type }: ElementValue, value: Expr, node: CNode, context: Context): Expr {
  const kept = context.temporary(type);
  context.emit({ kind: 'assign', dst: kept.name, value }, node);
  eachElement(locals, index, node, context, (local) => context.emit({ kind: 'assign', dst: local, value: kept.expr }, node));
  return kept.expr;
}

function eachElement(locals: readonly string[], index: Expr, node: CNode, context: Context, use: (local: string) => void): void {
  const from = (at: number): void => {
    const local = locals[at];
    if (local === undefined) {
      const message = 'index outside the array';
      context.emit({ kind: 'assert', cond: constant(0, boolType), severity: 'bug', message, property: null }, node);
      return;
    }
    const cond: Expr = { op: 'binary', type: boolType, operator: '==', a: index, b: constant(at, intTypes.s32) };
    const then = context.collect(() => use(local));
    const otherwise = context.collect(() => from(at + 1));
    context.emit({ kind: 'if', cond, then, else: otherwise, condition: true, implied: true }, node);
  };
  from(0);
}
