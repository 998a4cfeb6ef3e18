/**
 * Expressions: what reads shared state or calls becomes statements, the rest stays an expression.
 *
 * In: oxc's expressions. Out: values. Never: two shared accesses in one statement.
 */
import type { Expression } from 'oxc-parser';
import { binary, negate, unary, wrapExact } from '../../ir/fold.ts';
import { sameType } from '../../ir/typeRelations.ts';
import { type BinaryOperator, boolType, type Expr, type ScalarType } from '../../ir/types.ts';
import type { Span } from '../source.ts';
import { showType } from '../types.ts';
import { logicalValue, selected } from './conditions.ts';
import { type FunctionContext, local, typed, type Value } from './context.ts';
import { asBool, asType, literalType, meetOperands, operand, plain, toInt } from './convert.ts';
import { foldLiterals } from './literals.ts';
import { chainOf, load, memberLocal, wholeOf } from './places.ts';

export function lowerValue(cx: FunctionContext, node: Expression, hint?: ScalarType): Value {
  switch (node.type) {
    case 'Literal':
      return literal(cx, node);
    case 'Identifier':
      return identifier(cx, node.name, node);
    case 'MemberExpression': {
      const chain = chainOf(cx, node);
      if (chain === null) return cx.refuse('MM102', node, `${cx.source.textOf(node)} is neither a field nor a record's member`);
      if (chain.kind === 'table') return cx.refuse('MM115', node, `${chain.table} is a table`);
      if (chain.kind === 'member') return typed(memberLocal(cx, chain, node));
      if (chain.place.path === '') return cx.refuse('MM115', node, `${cx.source.textOf(node)} is a row, not a value: use its reference`);
      return load(cx, wholeOf(cx, chain.place, node), node);
    }
    case 'UnaryExpression':
      return lowerUnary(cx, node.operator, node.argument, node, hint);
    case 'BinaryExpression':
      if (node.left.type === 'PrivateIdentifier') return cx.refuse('MM101', node, 'private names');
      return lowerBinary(cx, node.operator, node.left, node.right, node, hint);
    case 'LogicalExpression':
      return logicalValue(cx, node);
    case 'ConditionalExpression':
      return selected(cx, node, hint);
    case 'CallExpression':
      return cx.lower.call(cx, node, hint) ?? cx.refuse('MM118', node, `${cx.source.textOf(node.callee)} gives no value`);
    case 'TSAsExpression':
      return lowerCast(cx, node.expression, cx.declarations.scalarOf(cx.source, node.typeAnnotation), node);
    case 'AssignmentExpression':
    case 'UpdateExpression':
    case 'SequenceExpression':
      return cx.refuse('MM109', node, `${cx.source.textOf(node)} inside an expression`);
    default:
      return cx.refuse('MM101', node, `${cx.source.textOf(node).slice(0, 40)} (${node.type})`);
  }
}

function literal(cx: FunctionContext, node: Extract<Expression, { type: 'Literal' }>): Value {
  if (typeof node.value === 'boolean') return typed({ op: 'const', type: boolType, value: node.value ? 1 : 0 });
  if (typeof node.value === 'number') {
    if (!Number.isInteger(node.value)) return cx.refuse('MM101', node, 'fractions');
    if (node.value > 0xffff_ffff) return cx.refuse('MM111', node, `${node.value} is wider than 32 bits`);
    return { kind: 'literal', value: node.value };
  }
  if (node.value === null) return cx.refuse('MM101', node, 'null; NULL is the reference to no row');
  return cx.refuse('MM101', node, `the ${typeof node.value} ${cx.source.textOf(node)}`);
}

function identifier(cx: FunctionContext, name: string, span: Span): Value {
  const binding = cx.lookup(name);
  if (binding?.kind === 'local') return typed(local(binding.local, binding.type));
  if (binding?.kind === 'refused') return cx.follow();
  if (binding?.kind === 'alias') return cx.refuse('MM115', span, `${name} is another name for a row or element, not a value`);
  if (binding?.kind === 'record') return cx.refuse('MM115', span, `${name} is a record`);
  if (cx.machine.tables.some((table) => table.name === name)) return cx.refuse('MM115', span, `${name} is a table`);
  const constant = cx.constantNamed(name, { source: cx.source, span });
  if (constant !== null) return constant;
  if (name === 'NULL') return { kind: 'null' };
  if (cx.declarations.functions.has(name)) return cx.refuse('MM115', span, `${name} is a function: call it`);
  return cx.refuse('MM102', span, `there is no ${name}`);
}

function lowerUnary(cx: FunctionContext, operator: string, argument: Expression, node: Span, hint: ScalarType | undefined): Value {
  if (operator === '!') return typed(negate(asBool(cx, lowerValue(cx, argument), argument)));
  if (operator !== '-' && operator !== '~') return cx.refuse('MM101', node, `the operator ${operator}`);
  const value = lowerValue(cx, argument, hint);
  if (value.kind === 'literal') return { kind: 'literal', value: operator === '-' ? -value.value : ~value.value };
  const a = operand(plain(cx, value, argument, hint));
  if (a.type.kind !== 'int') return cx.refuse('MM106', argument, `${operator} takes an integer, not ${showType(a.type)}`);
  return typed(unary(operator, a.type, a));
}

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '%': '%',
  '&': '&',
  '|': '|',
  '^': '^',
  '<<': '<<',
  '>>': '>>',
  '===': '==',
  '!==': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function lowerBinary(
  cx: FunctionContext,
  spelled: string,
  left: Expression,
  right: Expression,
  node: Span,
  hint: ScalarType | undefined,
): Value {
  if (spelled === '==' || spelled === '!=') return cx.refuse('MM108', node, `${spelled} compares loosely`);
  const operator = operators[spelled];
  if (operator === undefined) return cx.refuse('MM101', node, `the operator ${spelled}`);
  const comparing = isComparison(operator);
  const a = lowerValue(cx, left, comparing ? undefined : hint);
  const mark = cx.out.length;
  const b = lowerValue(cx, right, a.kind === 'typed' ? a.expr.type : comparing ? undefined : hint);
  const kept = a.kind === 'typed' ? typed(cx.protect(mark, left, [a.expr])[0] ?? a.expr) : a;
  return combine(cx, operator, kept, b, node, hint);
}

/** `a operator b` in the type in which both meet. */
export function combine(cx: FunctionContext, operator: BinaryOperator, a: Value, b: Value, node: Span, hint?: ScalarType): Value {
  if (a.kind === 'literal' && b.kind === 'literal')
    return foldLiterals(operator, a.value, b.value) ?? cx.refuse('MM111', node, 'a constant that has no 32-bit value');
  if (a.kind === 'null' && b.kind === 'null') return cx.refuse('MM106', node, 'NULL and NULL');
  if (operator === '<<' || operator === '>>') return typed(shift(cx, operator, a, b, node, hint));
  // x + -1 is x - 1: in a type without wrapping the two differ.
  if (operator === '+' && b.kind === 'literal' && b.value < 0) return combine(cx, '-', a, { kind: 'literal', value: -b.value }, node, hint);
  const met = meetOperands(cx, a, b, node);
  if (operator === '==' || operator === '!=') return typed(binary(operator, boolType, met.a, met.b));
  if (met.a.type.kind !== 'int') return cx.refuse('MM106', node, `${operator} takes integers, not ${showType(met.a.type)}`);
  return typed(binary(operator, isComparison(operator) ? boolType : met.a.type, met.a, met.b));
}

/** A shift has the type of its left operand. */
function shift(cx: FunctionContext, operator: BinaryOperator, a: Value, b: Value, node: Span, hint: ScalarType | undefined): Expr {
  const left = operand(plain(cx, a, node, hint));
  const right = operand(plain(cx, b, node));
  if (left.type.kind !== 'int' || right.type.kind !== 'int') return cx.refuse('MM106', node, 'shifts take integers');
  return binary(operator, left.type, left, right);
}

function isComparison(operator: BinaryOperator): boolean {
  return operator === '==' || operator === '!=' || operator === '<' || operator === '<=' || operator === '>' || operator === '>=';
}

function lowerCast(cx: FunctionContext, argument: Expression, type: ScalarType, node: Span): Value {
  const value = lowerValue(cx, argument, type);
  if (value.kind === 'null') return typed(asType(cx, value, type, node));
  const expr = value.kind === 'literal' ? { op: 'const' as const, type: literalType(value.value), value: value.value } : value.expr;
  if (sameType(expr.type, type)) return typed(expr);
  if (expr.type.kind !== 'int' || type.kind !== 'int') return cx.refuse('MM106', node, `${showType(expr.type)} is not ${showType(type)}`);
  if (expr.op === 'const' && wrapExact(type, BigInt(expr.value)) === null)
    return cx.refuse('MM111', node, `${expr.value} is not in ${showType(type)}`);
  return typed(toInt(expr, type));
}
