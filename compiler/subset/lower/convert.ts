/**
 * Values into the types that are asked for, as C converts integers, and as nothing else is converted.
 *
 * In: values. Out: expressions of a type. Never: a conversion between bool, integers and references.
 */
import { constant, wrapExact } from '../../ir/fold.ts';
import { sameType } from '../../ir/typeRelations.ts';
import { type Expr, type IntType, intTypes, type ScalarType } from '../../ir/types.ts';
import type { Span } from '../source.ts';
import { literalFits, meet, operandType, showType, wrapInto } from '../types.ts';
import { type FunctionContext, nullOf, type Value } from './context.ts';

/** The value as one of `type`: by assignment, argument, return. */
export function asType(cx: FunctionContext, value: Value, type: ScalarType, span: Span): Expr {
  switch (value.kind) {
    case 'null':
      if (type.kind === 'ref' || type.kind === 'pointer') return nullOf(type);
      return cx.refuse('MM106', span, `NULL is not a ${showType(type)}`);
    case 'literal':
      if (type.kind !== 'int') return cx.refuse('MM106', span, `a number is not a ${showType(type)}`);
      if (!literalFits(type, value.value)) return cx.refuse('MM111', span, `${value.value} is not in ${showType(type)}`);
      return constant(type, wrapInto(type, value.value), value.value === wrapInto(type, value.value) ? value.name : undefined);
    case 'typed':
      if (sameType(value.expr.type, type)) return value.expr;
      if (value.expr.type.kind === 'int' && type.kind === 'int') return toInt(value.expr, type);
      return cx.refuse('MM106', span, `${showType(value.expr.type)} is not ${showType(type)}`);
  }
}

/** An integer as another type, as C converts. */
export function toInt(expr: Expr, type: IntType): Expr {
  if (sameType(expr.type, type)) return expr;
  if (expr.op === 'const') {
    const value = wrapExact(type, BigInt(expr.value));
    return value === null ? { op: 'cast', type, a: expr } : constant(type, value, value === expr.value ? expr.name : undefined);
  }
  // A difference that goes below zero has to meet the rule of the type it is for, not wrap before.
  if (expr.op === 'binary' && (expr.operator === '+' || expr.operator === '-') && type.overflow !== 'wrap') return { ...expr, type };
  // Widening and then converting is converting.
  if (expr.op === 'cast' && expr.type.kind === 'int' && expr.a.type.kind === 'int' && holds(expr.type, expr.a.type))
    return toInt(expr.a, type);
  return { op: 'cast', type, a: expr };
}
function holds(outer: IntType, inner: IntType): boolean {
  return outer.min <= inner.min && outer.max >= inner.max;
}

/** An integer operand in one of C's types. */
export function operand(expr: Expr): Expr {
  return expr.type.kind === 'int' ? toInt(expr, operandType(expr.type)) : expr;
}

/** A literal without anybody who asks for a type. */
export function literalType(value: number, hint?: ScalarType): IntType {
  if (hint?.kind === 'int' && literalFits(operandType(hint), value)) return operandType(hint);
  return value > intTypes.s32.max ? intTypes.u32 : intTypes.s32;
}

/** The expression of a value that stands alone. */
export function plain(cx: FunctionContext, value: Value, span: Span, hint?: ScalarType): Expr {
  if (value.kind === 'typed') return value.expr;
  if (value.kind === 'null')
    return hint?.kind === 'ref' || hint?.kind === 'pointer' ? nullOf(hint) : cx.refuse('MM105', span, 'NULL of which type?');
  const type = literalType(value.value, hint);
  return constant(type, wrapInto(type, value.value), value.name);
}

/** Two operands in the type in which they meet: integers as in C, else the same type. Null: two literals. */
export function meetOperands(cx: FunctionContext, a: Value, b: Value, span: Span): { a: Expr; b: Expr } {
  if (a.kind === 'typed' && b.kind === 'typed') {
    if (a.expr.type.kind === 'int' && b.expr.type.kind === 'int') {
      const [x, y] = [operand(a.expr), operand(b.expr)];
      if (x.type.kind !== 'int' || y.type.kind !== 'int') throw new TypeError('an integer operand is an integer');
      const type = meet(x.type, y.type);
      return { a: toInt(x, type), b: toInt(y, type) };
    }
    if (sameType(a.expr.type, b.expr.type)) return { a: a.expr, b: b.expr };
    return cx.refuse('MM106', span, `${showType(a.expr.type)} and ${showType(b.expr.type)}`);
  }
  if (a.kind === 'typed') {
    const other = besides(b, a.expr);
    return other.kind === 'typed'
      ? meetOperands(cx, a, other, span)
      : { a: operand(a.expr), b: asType(cx, other, operandTypeOf(a.expr), span) };
  }
  if (b.kind === 'typed') {
    const other = besides(a, b.expr);
    return other.kind === 'typed'
      ? meetOperands(cx, other, b, span)
      : { a: asType(cx, other, operandTypeOf(b.expr), span), b: operand(b.expr) };
  }
  return cx.refuse('MM106', span, 'two literals of different kinds');
}
function operandTypeOf(expr: Expr): ScalarType {
  return expr.type.kind === 'int' ? operandType(expr.type) : expr.type;
}
/** A literal that the type of the other operand does not hold has the type that C gives it. */
function besides(literal: Value, other: Expr): Value {
  if (literal.kind !== 'literal' || other.type.kind !== 'int' || literalFits(operandType(other.type), literal.value)) return literal;
  return { kind: 'typed', expr: constant(literalType(literal.value), literal.value, literal.name) };
}

/** A condition. */
export function asBool(cx: FunctionContext, value: Value, span: Span): Expr {
  if (value.kind === 'typed' && value.expr.type.kind === 'bool') return value.expr;
  const what = value.kind === 'typed' ? showType(value.expr.type) : value.kind === 'null' ? 'NULL' : 'a number';
  return cx.refuse('MM107', span, `${what} is not a bool`);
}
