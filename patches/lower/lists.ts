/**
 * Lists: which of the machine's a `struct list_head *` is, and what is done to it.
 */
import type { Place, PointerType, RefType } from '../../compiler/ir/types.ts';
import { boolType } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import type { Context } from './context.ts';
import { toScalar, toType } from './scalars.ts';
import type { Value } from './values.ts';
import { localExpr, trueExpr } from './values.ts';

/** The list that a `struct list_head *` value denotes. `isWithinRow`: it is a member of a row, and no pointer to a list. */
export function listPlace(
  arg: CNode,
  context: Context,
): { readonly place: Place; readonly element: RefType | PointerType; readonly isWithinRow: boolean } {
  const value = context.expression(arg);
  if (value.kind === 'address' && value.of.kind === 'onList') {
    const { list } = value.of;
    const type = context.field(list.table, list.field)?.type;
    return type?.kind === 'list'
      ? { place: list, element: type.element, isWithinRow: true }
      : context.fail(arg.text, 'is no list that the model has', arg);
  }
  const expr = toScalar(value, arg, context);
  if (expr.type.kind !== 'ref') return context.fail(arg.text, 'is no list that the model has', arg);
  const { table } = expr.type;
  const found = context.names.environment.machine.tables.find((one) => one.name === table)?.fields.find((one) => one.type.kind === 'list');
  if (found === undefined || found.type.kind !== 'list') return context.fail(arg.text, 'is no list that the model has', arg);
  return { place: { kind: 'field', table, field: found.path, row: expr, index: null }, element: found.type.element, isWithinRow: false };
}

/** `list_add(&sp->link, head)` and the like. */
export function listPrimitive(
  operator: 'add' | 'addTail' | 'isEmpty' | 'first',
  args: readonly CNode[],
  node: CNode,
  context: Context,
): Value {
  const listArgument = args[operator === 'isEmpty' || operator === 'first' ? 0 : 1];
  if (listArgument === undefined) return context.fail('list', 'operation without a list', node);
  if (operator === 'isEmpty') {
    const found = context.probe(() => context.expression(listArgument));
    if (found?.value.kind === 'unit' && found.value.table === 'emptyList') return { kind: 'scalar', expr: trueExpr };
    const result = context.temporary(boolType);
    const { place } = listPlace(listArgument, context);
    context.emit({ kind: 'list', operator, list: place, element: null, dst: result.name, exclusive: false }, node);
    return { kind: 'scalar', expr: localExpr(result.name, boolType) };
  }
  if (operator === 'first') {
    const { place, element } = listPlace(listArgument, context);
    const result = context.temporary(element);
    context.emit({ kind: 'list', operator, list: place, element: null, dst: result.name, exclusive: false }, node);
    return { kind: 'scalar', expr: result.expr };
  }
  const elementNode = args[0] ?? node;
  const value = context.expression(elementNode);
  const { place, element } = listPlace(listArgument, context);
  context.emit(
    { kind: 'list', operator, list: place, element: toType(value, element, elementNode, context), dst: null, exclusive: true },
    node,
  );
  return { kind: 'void' };
}
