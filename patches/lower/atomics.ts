/**
 * Atomic operations of C on places that others share.
 *
 * In: calls. Out: one statement of the IR, and its value. Never: the order of memory, which is the machine's.
 */
import type { AtomicOperator, Place, ScalarType } from '../../compiler/ir/types.ts';
import { boolType } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import type { Context } from './context.ts';
import { target } from './places.ts';
import { assign, toType } from './scalars.ts';
import type { Value } from './values.ts';

/** The shared place that a pointer leads to. */
export function sharedPlace(name: string, arg: CNode, node: CNode, context: Context): { place: Place; type: ScalarType } {
  const found = target(context.expression(arg), node, context);
  if (found.kind !== 'place' || found.type.kind === 'lock' || found.type.kind === 'list')
    return context.fail(name, 'is used on something that is not shared', node);
  return { place: found.place, type: found.type };
}

/** A call with the pointer as argument `at`: what it gives is what was there before. */
export function atomic(name: string, operator: AtomicOperator, at: number, args: readonly CNode[], node: CNode, context: Context): Value {
  const { place, type } = sharedPlace(name, args[at] ?? context.fail(name, 'has too few arguments', node), node, context);
  const operands = args.filter((_, index) => index !== at).map((arg) => toType(context.expression(arg), type, arg, context));
  if (operands.length !== (operator === 'compareExchange' ? 2 : 1))
    return context.fail(name, 'has an unexpected number of arguments', node);
  const result = context.temporary(type);
  context.emit({ kind: 'atomic', operator, place, operands, dst: result.name, success: null }, node);
  return { kind: 'scalar', expr: result.expr };
}

/** `try_cmpxchg(p, &old, new)`: whether it was written; if not, `old` is what was there. */
export function tryCompareExchange(name: string, args: readonly CNode[], node: CNode, context: Context): Value {
  const [where, old, desired] = args;
  if (where === undefined || old === undefined || desired === undefined) return context.fail(name, 'takes 3 arguments', node);
  const { place, type } = sharedPlace(name, where, node, context);
  const expected = target(context.expression(old), old, context);
  const operands = [toType(expected, type, old, context), toType(context.expression(desired), type, desired, context)];
  const found = context.temporary(type);
  const success = context.temporary(boolType);
  context.emit({ kind: 'atomic', operator: 'compareExchange', place, operands, dst: found.name, success: success.name }, node);
  const failed = context.collect(() => assign(expected, found.expr, node, context));
  context.emit({ kind: 'if', cond: success.expr, then: [], else: failed, condition: true }, node);
  return { kind: 'scalar', expr: success.expr };
}
