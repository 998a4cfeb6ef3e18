/**
 * Values to pure expressions: shared places are loaded into temporaries, types are brought together.
 */
import type { Expr, ScalarType } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import { type CNode, child } from '../c/node.ts';
import type { Context } from './context.ts';
import { readElement, writeElement } from './elements.ts';
import type { CType, Value } from './values.ts';
import { constant, converted, localExpr, not, sameType, typeName } from './values.ts';

/** The value as an expression over locals. A shared place is read, once. */
export function toScalar(value: Value, node: CNode, context: Context): Expr {
  switch (value.kind) {
    case 'scalar':
      return value.expr;
    case 'local':
      return localExpr(value.name, value.type);
    case 'place': {
      if (value.type.kind === 'lock' || value.type.kind === 'list')
        return context.fail(node.text, `is ${typeName(value.type)}, and has no value`, node);
      const temporary = context.temporary(value.type);
      context.emit({ kind: 'load', dst: temporary.name, place: value.place }, node);
      if (value.type.kind !== 'int' || sameType(value.type, value.as)) return temporary.expr;
      return { op: 'cast', type: value.as, a: temporary.expr };
    }
    case 'onList': {
      const empty = context.temporary(boolType);
      context.emit({ kind: 'list', operator: 'isEmpty', list: value.list, element: null, dst: empty.name, exclusive: false }, node);
      return not(empty.expr);
    }
    case 'recordElement':
      return readElement(value, node, context);
    case 'difference':
    case 'mask':
    case 'word':
      return context.fail(node.text, 'is a whole role, used as a number', node);
    case 'record':
    case 'recordPath':
      return context.fail(node.text, 'is a whole structure, used as a value', node);
    case 'array':
      return {
        op: 'pointerTo',
        type: { kind: 'pointer', table: value.table, field: value.field },
        row: value.row,
        index: constant(0, intTypes.u32),
      };
    case 'address':
      return context.fail(node.text, 'is an address that the model has no value for', node);
    case 'object':
      return context.fail(node.text, 'is a whole structure, which is not copied in the model', node);
    case 'member':
      return context.fail(value.spelled, `is no field of ${value.table} that the model has`, node);
    case 'function':
      return context.fail(value.name, 'is a function, used as a value', node);
    case 'unit':
      return context.fail(node.text, 'is the VM, and has no value', node);
    case 'inout':
      return context.fail(value.name, 'is a pointer to a number, used as a value', node);
    case 'any':
      return context.fail(value.name, 'is left out of the model, and its value is used', node);
    case 'void': {
      const callee = node.type === 'call_expression' ? child(node, 'function')?.text : undefined;
      const isModels = callee !== undefined && context.names.environment.procedures.has(callee);
      // The tree's own may give something.
      if (isModels) return context.fail(callee, "fits no contract: the model's gives nothing", node);
      return context.fail(node.text, 'has no value', node);
    }
  }
}

/** The value as `type`. */
export function toType(value: Value, type: ScalarType, node: CNode, context: Context): Expr {
  const expr = toScalar(value, node, context);
  return converted(expr, type) ?? context.fail(node.text, `is ${typeName(expr.type)} where ${typeName(type)} is needed`, node);
}

/** The value as a truth value. Of something ignorable: a free choice. */
export function toBool(value: Value, node: CNode, context: Context): Expr {
  if (value.kind === 'any') {
    context.freeChoices += 1;
    return freeChoice(value.name, node, context);
  }
  if (value.kind === 'unit' || value.kind === 'address' || value.kind === 'inout' || value.kind === 'record' || value.kind === 'function')
    return constant(1, boolType);
  if (value.kind === 'difference') return not(context.sameRole(value.a, value.b, value.except, node));
  return toType(value, boolType, node, context);
}

/** True or false at will. */
export function freeChoice(label: string, node: CNode, context: Context, forEver = true): Expr {
  const temporary = context.temporary(boolType);
  context.emit({ kind: 'choose', dst: temporary.name, count: 2, label, forEver }, node);
  return temporary.expr;
}

/** Writes `value` to a local or a shared place, converted to its type. Gives the value written. */
export function assign(to: Value, value: Expr, node: CNode, context: Context): Expr {
  if (to.kind === 'local') {
    const expr = converted(value, to.type) ?? context.fail(node.text, `assigns ${typeName(value.type)} to ${typeName(to.type)}`, node);
    context.emit({ kind: 'assign', dst: to.name, value: expr }, node);
    return localExpr(to.name, to.type);
  }
  if (to.kind === 'place' && to.type.kind !== 'lock' && to.type.kind !== 'list') {
    const expr = converted(value, to.type) ?? context.fail(node.text, `assigns ${typeName(value.type)} to ${typeName(to.type)}`, node);
    context.emit({ kind: 'store', place: to.place, value: expr }, node);
    return expr;
  }
  if (to.kind === 'recordElement') {
    const expr = converted(value, to.type) ?? context.fail(node.text, `assigns ${typeName(value.type)} to ${typeName(to.type)}`, node);
    return writeElement(to, expr, node, context);
  }
  if (to.kind === 'member') return context.fail(to.spelled, `is no field of ${to.table} that the model has`, node);
  return context.fail(node.text, 'assigns to something that the model cannot write', node);
}

/** `value` as C's `type` for a parameter or result; null where the type carries no value. */
export function toCType(value: Value, type: CType, node: CNode, context: Context): Expr | null {
  if (type.kind === 'scalar') return toType(value, type.type, node, context);
  if (type.kind === 'unit') {
    if (value.kind === 'unit' && value.table === type.table) return null;
    return context.fail(node.text, `is not the ${type.table}`, node);
  }
  return context.fail(node.text, 'is not what is needed here', node);
}
