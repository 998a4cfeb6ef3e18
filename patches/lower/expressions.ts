/**
 * Expressions of C to values: statements are emitted for what touches shared state, in C's order.
 */
import type { BinaryOperator, Expr } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import { type CNode, child, named } from '../c/node.ts';
import { lowerCall } from './calls.ts';
import { branchedValue, isShortCircuit, lowerCondition } from './conditions.ts';
import type { Context } from './context.ts';
import { copyParts } from './inRow.ts';
import { expandExpression } from './macros.ts';
import { part } from './parts.ts';
import { addressOf, elementOf, memberOf, nameValue, offsetPointer, target } from './places.ts';
import { copyRecord, howItIs } from './records.ts';
import { isRole } from './roleNames.ts';
import { copyRole, sameWord } from './roles.ts';
import { assign, toBool, toScalar } from './scalars.ts';
import { cType, spelledType } from './types.ts';
import type { Value } from './values.ts';
import { commonType, constant, converted, not, nullOf, promoted, typeName } from './values.ts';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
const arithmetic = new Set(['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>']);

/** Lowers one expression. Throws `NotModelled`, naming what the model has not. */
export function lowerExpr(node: CNode, context: Context): Value {
  switch (node.type) {
    case 'identifier':
      return identifier(node, context);
    case 'true':
      return { kind: 'scalar', expr: constant(1, boolType) };
    case 'false':
      return { kind: 'scalar', expr: constant(0, boolType) };
    case 'null':
      return { kind: 'scalar', expr: constant(0, intTypes.s32) };
    case 'number_literal':
      return { kind: 'scalar', expr: literal(node, context) };
    case 'parenthesized_expression': {
      const inner = named(node);
      if (inner.length === 1 && inner[0]?.type === 'compound_statement') return statementExpression(inner[0], context);
      return inner.length === 1 && inner[0] !== undefined
        ? lowerExpr(inner[0], context)
        : context.fail(node.text, 'is no expression that is read', node);
    }
    case 'field_expression':
      return memberOf(lowerExpr(part(node, 'argument', context), context), part(node, 'field', context).text, node, context);
    case 'subscript_expression': {
      const base = lowerExpr(part(node, 'argument', context), context);
      return elementOf(base, integer(part(node, 'index', context), context), node, context);
    }
    case 'pointer_expression': {
      const base = lowerExpr(part(node, 'argument', context), context);
      return child(node, 'operator')?.type === '&' ? addressOf(base, node, context) : target(base, node, context);
    }
    case 'unary_expression':
      return unary(node, context);
    case 'binary_expression':
      return binary(node, context);
    case 'assignment_expression':
      return assignment(node, context);
    case 'update_expression':
      return update(node, context, true);
    case 'conditional_expression':
      return conditional(node, context);
    case 'cast_expression':
      return cast(node, context);
    case 'comma_expression':
      lowerExpr(part(node, 'left', context), context);
      return lowerExpr(part(node, 'right', context), context);
    case 'call_expression':
      return castOrCall(node, context);
    case 'sizeof_expression':
      return { kind: 'scalar', expr: constant(sizeOf(node, context), intTypes.u32) };
    default:
      return context.fail(node.type.replaceAll('_', ' '), 'is not read', node);
  }
}

/** Lowers an expression for what it does: statements, and the third part of a `for`. */
export function lowerEffect(node: CNode, context: Context): void {
  if (node.type === 'update_expression') update(node, context, false);
  else if (node.type === 'comma_expression') {
    lowerEffect(part(node, 'left', context), context);
    lowerEffect(part(node, 'right', context), context);
  } else {
    const value = lowerExpr(node, context);
    // A bare path does nothing, but must mean something.
    if (value.kind === 'member') context.fail(value.spelled, `is no field of ${value.table} that the model has`, node);
  }
}

function identifier(node: CNode, context: Context): Value {
  // Of a local, too: what it is set to is read, and no matter.
  const scaled = context.depth === 0 ? context.names.bindings.scaledLiterals.get(`${context.functionName} ${node.text}`) : undefined;
  if (scaled !== undefined) return lowerExpr(context.names.meaning(scaled), context);
  const found = nameValue(node.text, context);
  if (found !== null) return found;
  if (node.text === 'NULL') return { kind: 'scalar', expr: constant(0, intTypes.s32) };
  const meaning = context.names.bindings.meanings.get(node.text);
  if (meaning !== undefined && meaning.params.length === 0 && !context.names.redefined.has(node.text)) {
    return context.at(node, () => context.isolated(new Map(), () => lowerExpr(context.names.meaning(meaning.means), context)));
  }
  const expanded = expandExpression(node.text, null, node, context);
  if (expanded !== null) return expanded;
  const { bodies, imported, environment, bindings } = context.names;
  if (bindings.isIgnorableCall(node.text)) return { kind: 'function', name: node.text };
  if (bodies.get(node.text) !== undefined || imported.has(node.text) || environment.procedures.has(node.text))
    return { kind: 'function', name: node.text };
  return context.fail(node.text, 'is no name that the model has', node);
}

/** GNU's `({ …; x; })`: its value is that of the last expression. */
function statementExpression(block: CNode, context: Context): Value {
  const stmts = named(block);
  const last = stmts.at(-1);
  const inner = last?.type === 'expression_statement' ? named(last)[0] : undefined;
  return context.scoped(() => {
    for (const stmt of inner === undefined ? stmts : stmts.slice(0, -1)) context.statement(stmt);
    return inner === undefined ? { kind: 'void' } : settled(inner, context);
  });
}

function literal(node: CNode, context: Context): Expr {
  const scaled = context.names.bindings.scaledLiterals.get(`${context.functionName} ${node.text}`);
  if (scaled !== undefined) return toScalar(lowerExpr(context.names.meaning(scaled), context), node, context);
  // The grammar takes the sign of `-12` into the number.
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(node.text);
  if (match === null) return context.fail(node.text, 'is no integer', node);
  const digits = match[2] ?? '0';
  const value = /^0\d+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (value > 0xffff_ffff) return context.fail(node.text, 'is wider than the model (32 bits)', node);
  const unsigned = /[uU]/.test(match[3] ?? '') || value > 0x7fff_ffff;
  const signed = match[1] === '-' ? -value : value;
  return constant(unsigned ? signed >>> 0 : signed, unsigned ? intTypes.u32 : intTypes.s32);
}

function integer(node: CNode, context: Context): Expr {
  const expr = toScalar(lowerExpr(node, context), node, context);
  if (expr.type.kind === 'int') return expr;
  return converted(expr, intTypes.s32) ?? context.fail(node.text, `is ${typeName(expr.type)} where a number is needed`, node);
}

/** `sizeof(type)`, `sizeof(*pointer)` of an entry of a table: as the bindings say. */
function sizeOf(node: CNode, context: Context): number {
  const { sizes } = context.names.bindings;
  const type = child(node, 'type');
  const spelled = type === null ? '' : spelledType(type, child(type, 'declarator'));
  const value = child(node, 'value');
  const found = value === null ? null : (context.probe(() => context.expression(value))?.value ?? null);
  const name =
    type !== null ? spelled : found?.kind === 'place' && found.place.kind === 'pointer' ? 'u64' : (value?.text.replace(/[()]/g, '') ?? '');
  return sizes.get(name) ?? context.fail(node.text, 'is a size that the model has not', node);
}

function unary(node: CNode, context: Context): Value {
  const operator = child(node, 'operator')?.type;
  const argument = part(node, 'argument', context);
  if (operator === '!') {
    if (isShortCircuit(argument, context)) return { kind: 'scalar', expr: not(branchedValue(argument, context)) };
    const value = lowerExpr(argument, context);
    return { kind: 'scalar', expr: not(toBool(value, argument, context)) };
  }
  const value = lowerExpr(argument, context);
  if (value.kind === 'any') return value;
  if (value.kind === 'word' && operator === '~') return { kind: 'mask', of: value.of };
  const a = toScalar(value, argument, context);
  if (a.type.kind !== 'int' && a.type.kind !== 'bool') return context.fail(node.text, `computes with ${typeName(a.type)}`, node);
  const type = promoted(a.type);
  const widened = converted(a, type) ?? a;
  if (operator === '+') return { kind: 'scalar', expr: widened };
  if (operator !== '-' && operator !== '~') return context.fail(operator ?? node.text, 'is no operator that is read', node);
  if (widened.op === 'const' && widened.value > 0) {
    const value = operator === '-' ? -widened.value : ~widened.value;
    return { kind: 'scalar', expr: constant(type === intTypes.u32 ? value >>> 0 : value | 0, type) };
  }
  return { kind: 'scalar', expr: { op: 'unary', type, operator, a: widened } };
}

function binary(node: CNode, context: Context): Value {
  const operator = child(node, 'operator')?.type ?? '';
  if (operator === '&&' || operator === '||') return { kind: 'scalar', expr: branchedValue(node, context) };
  const leftNode = part(node, 'left', context);
  const rightNode = part(node, 'right', context);
  const left = lowerExpr(leftNode, context);
  // Read at once, so that what the right side does cannot change what the left side was.
  const held: Value = left.kind === 'place' ? { kind: 'scalar', expr: toScalar(left, leftNode, context) } : left;
  // The address of a page is the page, whatever number the mask is in this machine.
  if (operator === '&' && context.names.bindings.addressMasks.has(rightNode.text) && isReference(held)) return held;
  const right = lowerExpr(rightNode, context);
  return combine(operator, held, leftNode, right, rightNode, node, context);
}

function isReference(value: Value): boolean {
  return value.kind === 'scalar' ? value.expr.type.kind === 'ref' : value.kind === 'local' && value.type.kind === 'ref';
}

/** `left operator right`, both evaluated. */
export function combine(
  operator: string,
  left: Value,
  leftNode: CNode,
  right: Value,
  rightNode: CNode,
  node: CNode,
  context: Context,
): Value {
  if (left.kind === 'any') return left;
  if (right.kind === 'any') return right;
  // What there is one of is never NULL, and equal to itself.
  if (left.kind === 'unit' && (operator === '==' || operator === '!=')) {
    const same = right.kind === 'unit' ? right.table === left.table : false;
    return { kind: 'scalar', expr: constant(same === (operator === '==') ? 1 : 0, boolType) };
  }
  if (left.kind === 'function' && (operator === '==' || operator === '!=')) {
    const same = right.kind === 'function' && right.name === left.name;
    return { kind: 'scalar', expr: constant(same === (operator === '==') ? 1 : 0, boolType) };
  }
  if (left.kind === 'word' && right.kind === 'word' && (operator === '==' || operator === '!=')) {
    const same = sameWord(left.of, right.of, null, node, context);
    return { kind: 'scalar', expr: operator === '==' ? same : not(same) };
  }
  if (left.kind === 'word' && right.kind === 'word' && operator === '^')
    return { kind: 'difference', a: left.of, b: right.of, except: null };
  if (left.kind === 'difference' && right.kind === 'mask' && operator === '&' && left.except === null) return { ...left, except: right.of };
  let a = toScalar(left, leftNode, context);
  let b = toScalar(right, rightNode, context);
  if (comparisons.has(operator)) {
    if (a.type.kind === 'ref' || a.type.kind === 'pointer' || b.type.kind === 'ref' || b.type.kind === 'pointer') {
      const type = a.type.kind === 'ref' || a.type.kind === 'pointer' ? a.type : b.type;
      const other = type === a.type ? b : a;
      const meet = converted(other, type) ?? (type === a.type ? converted(a, b.type) : null);
      if (meet === null || (operator !== '==' && operator !== '!='))
        return context.fail(node.text, `compares ${typeName(a.type)} with ${typeName(b.type)}`, node);
      if (type === a.type) b = converted(b, type) ?? b;
      else a = converted(a, type) ?? a;
      return { kind: 'scalar', expr: { op: 'binary', type: boolType, operator: operator as BinaryOperator, a, b } };
    }
    const type = commonType(a.type, b.type);
    return {
      kind: 'scalar',
      expr: { op: 'binary', type: boolType, operator: operator as BinaryOperator, a: converted(a, type) ?? a, b: converted(b, type) ?? b },
    };
  }
  if (!arithmetic.has(operator)) return context.fail(operator, 'is no operator that is read', node);
  if (a.type.kind === 'pointer' && (operator === '+' || operator === '-') && b.type.kind === 'int') {
    const offset = converted(b, intTypes.u32) ?? b;
    const signed: Expr = operator === '+' ? offset : { op: 'unary', type: intTypes.u32, operator: '-', a: offset };
    return { kind: 'scalar', expr: offsetPointer(a, signed) };
  }
  const masks = context.names.bindings.addressMasks;
  const isMask = b.op === 'const' && b.name !== undefined && masks.has(b.name);
  if (a.type.kind === 'ref' && operator === '&' && isMask) return { kind: 'scalar', expr: a };
  if ((a.type.kind !== 'int' && a.type.kind !== 'bool') || (b.type.kind !== 'int' && b.type.kind !== 'bool')) {
    const reference = a.type.kind === 'int' || a.type.kind === 'bool' ? b.type : a.type;
    return context.fail(node.text, `computes with ${typeName(reference)}`, node);
  }
  // An SPTE holds the number of a page, not its address in bytes.
  const isAddress = a.op === 'binary' && a.operator === '&' && [a.a, a.b].some((one) => one.op === 'const' && masks.has(one.name ?? ''));
  if (isAddress && operator === '>>' && child(node, 'right')?.text === 'PAGE_SHIFT') return { kind: 'scalar', expr: a };
  const shift = operator === '<<' || operator === '>>';
  const type = shift ? promoted(a.type) : commonType(a.type, b.type);
  return {
    kind: 'scalar',
    expr: {
      op: 'binary',
      type,
      operator: operator as BinaryOperator,
      a: converted(a, type) ?? a,
      b: shift ? b : (converted(b, type) ?? b),
    },
  };
}

function assignment(node: CNode, context: Context): Value {
  const operator = child(node, 'operator')?.type ?? '=';
  const leftNode = part(node, 'left', context);
  const rightNode = part(node, 'right', context);
  const left = lowerExpr(leftNode, context);
  if (left.kind === 'any') {
    const right = lowerExpr(rightNode, context);
    return right.kind === 'any' || right.kind === 'scalar' || right.kind === 'local'
      ? left
      : { kind: 'scalar', expr: toScalar(right, rightNode, context) };
  }
  if (operator === '=') {
    const right = lowerExpr(rightNode, context);
    if (isRole(left) && isRole(right)) {
      copyRole(left, right, node, context);
      return { kind: 'void' };
    }
    if (left.kind === 'record' && right.kind === 'record') {
      copyRecord(left, right, node, context);
      return left;
    }
    if (left.kind === 'member' && right.kind === 'member') {
      copyParts(left, right, node, context);
      return { kind: 'void' };
    }
    // The table of a page lies in its row: that it is allocated apart is not modelled.
    if (left.kind === 'array' && right.kind === 'any') return { kind: 'void' };
    if (left.kind === 'scalar' && left.expr.op === 'const') {
      const value = toScalar(right, rightNode, context);
      if (value.op === 'const' && value.value === left.expr.value) return { kind: 'void' };
    }
    if (left.kind === 'unit' && right.kind === 'unit' && left.table === right.table) {
      const { seen } = left;
      if (seen !== undefined)
        assign({ kind: 'local', name: seen.local, type: seen.type }, howItIs(right, seen.now, rightNode, context), node, context);
      return left;
    }
    // The thread's own thing, which its local stands for from the beginning.
    if (left.kind === 'inout' && right.kind === 'unit' && right.table === 'own') return left;
    // A truth value of something ignorable is a free choice.
    const isBool = (left.kind === 'local' || left.kind === 'place') && left.type.kind === 'bool';
    const value = isBool && right.kind === 'any' ? toBool(right, rightNode, context) : toScalar(right, rightNode, context);
    return { kind: 'scalar', expr: assign(left, value, node, context) };
  }
  // The right side first: what it calls may change the left one, as compilers have it.
  const found = lowerExpr(rightNode, context);
  if (found.kind === 'any' && (left.kind === 'local' || left.kind === 'place') && left.type.kind === 'bool')
    return { kind: 'scalar', expr: assign(left, toBool(found, rightNode, context), node, context) };
  const value: Value = { kind: 'scalar', expr: toScalar(found, rightNode, context) };
  const before: Value = left.kind === 'place' ? { kind: 'scalar', expr: toScalar(left, leftNode, context) } : left;
  const sum = combine(operator.slice(0, -1), before, leftNode, value, rightNode, node, context);
  return { kind: 'scalar', expr: assign(left, toScalar(sum, node, context), node, context) };
}

function update(node: CNode, context: Context, wanted: boolean): Value {
  const argument = part(node, 'argument', context);
  const operator = child(node, 'operator')?.type === '--' ? '-' : '+';
  const to = lowerExpr(argument, context);
  if (to.kind === 'any') return to;
  const prefix = node.children[0]?.field === 'operator';
  const before: Value = to.kind === 'place' ? { kind: 'scalar', expr: toScalar(to, argument, context) } : to;
  let old: Expr | null = null;
  if (wanted && !prefix && to.kind === 'local') {
    const temporary = context.temporary(to.type);
    context.emit({ kind: 'assign', dst: temporary.name, value: toScalar(to, argument, context) }, node);
    old = temporary.expr;
  }
  const one: Value = { kind: 'scalar', expr: constant(1, intTypes.s32) };
  const length = operator === '+' && !wanted ? entriesOf(to, context) : 0;
  if (length > 0) {
    // Behind the last entry of a table a pointer leads nowhere: it may be there, and must not be followed.
    const index: Expr = { op: 'pointerIndex', type: intTypes.u32, a: toScalar(before, argument, context) };
    const next: Expr = { op: 'binary', type: intTypes.u32, operator: '+', a: index, b: constant(1, intTypes.u32) };
    const cond: Expr = { op: 'binary', type: boolType, operator: '<', a: next, b: constant(length, intTypes.u32) };
    const then = context.collect(() => {
      const sum = combine(operator, before, argument, one, argument, node, context);
      assign(to, toScalar(sum, node, context), node, context);
    });
    const nowhere = context.collect(() => assign(to, constant(0, intTypes.s32), node, context));
    context.emit({ kind: 'if', cond, then, else: nowhere, condition: true, implied: true }, node);
    return { kind: 'void' };
  }
  const sum = combine(operator, before, argument, one, argument, node, context);
  const written = assign(to, toScalar(sum, node, context), node, context);
  if (prefix || !wanted) return { kind: 'scalar', expr: written };
  return { kind: 'scalar', expr: old ?? toScalar(before, argument, context) };
}

/** How many entries the array has that a pointer points into; 0: it is none. */
function entriesOf(to: Value, context: Context): number {
  if ((to.kind !== 'local' && to.kind !== 'place') || to.type.kind !== 'pointer') return 0;
  return context.field(to.type.table, to.type.field)?.length ?? 0;
}

/** GNU's `x ?: y`: x, evaluated once, unless it is 0. */
function elvis(node: CNode, otherwise: CNode, context: Context): Value {
  const condition = part(node, 'condition', context);
  const first = toScalar(lowerExpr(condition, context), condition, context);
  const kept = context.temporary(first.type);
  context.emit({ kind: 'assign', dst: kept.name, value: first }, node);
  const other = context.collect(() => {
    const value = toScalar(lowerExpr(otherwise, context), otherwise, context);
    const meant = converted(value, first.type) ?? context.fail(node.text, `is ${typeName(first.type)} or ${typeName(value.type)}`, node);
    context.emit({ kind: 'assign', dst: kept.name, value: meant }, node);
  });
  context.emit(
    { kind: 'if', cond: toBool({ kind: 'scalar', expr: kept.expr }, node, context), then: [], else: other, condition: true },
    node,
  );
  return { kind: 'scalar', expr: kept.expr };
}

function conditional(node: CNode, context: Context): Value {
  if (child(node, 'consequence') === null) return elvis(node, part(node, 'alternative', context), context);
  const cond = lowerCondition(part(node, 'condition', context), context);
  const thenNode = part(node, 'consequence', context);
  const elseNode = part(node, 'alternative', context);
  let yes: Value = { kind: 'void' };
  let no: Value = { kind: 'void' };
  const thenBody = context.collect(() => {
    yes = settled(thenNode, context);
  });
  const elseBody = context.collect(() => {
    no = settled(elseNode, context);
  });
  if (isVoid(yes) || isVoid(no)) {
    context.emit({ kind: 'if', cond, then: thenBody, else: elseBody, condition: true }, node);
    return { kind: 'void' };
  }
  const a = toScalar(yes, thenNode, context);
  const b = toScalar(no, elseNode, context);
  const type =
    a.type.kind === 'int' && b.type.kind === 'int'
      ? commonType(a.type, b.type)
      : a.type.kind === 'int' && a.op === 'const'
        ? b.type
        : a.type;
  const left = converted(a, type);
  const right = converted(b, type);
  if (left === null || right === null) return context.fail(node.text, `is ${typeName(a.type)} or ${typeName(b.type)}`, node);
  const result = context.temporary(type);
  const set = (value: Expr) => context.collect(() => context.emit({ kind: 'assign', dst: result.name, value }, node));
  context.emit({ kind: 'if', cond, then: [...thenBody, ...set(left)], else: [...elseBody, ...set(right)], condition: true }, node);
  return { kind: 'scalar', expr: result.expr };
}

function settled(node: CNode, context: Context): Value {
  const value = lowerExpr(node, context);
  return value.kind === 'void' ? value : { kind: 'scalar', expr: toScalar(value, node, context) };
}
function isVoid(value: Value): boolean {
  return value.kind === 'void';
}

/** `(gfn_t)(x)` is a cast if the first parentheses hold a type; the grammar cannot know. */
function castOrCall(node: CNode, context: Context): Value {
  const callee = child(node, 'function');
  const spelled = callee?.type === 'parenthesized_expression' ? (named(callee)[0]?.text ?? '') : '';
  const list = child(node, 'arguments');
  const args = list === null ? [] : named(list);
  if (args.length === 1 && args[0] !== undefined && context.names.bindings.types.has(spelled))
    return castTo(spelled, args[0], node, context);
  return lowerCall(node, context);
}

function cast(node: CNode, context: Context): Value {
  const descriptor = part(node, 'type', context);
  return castTo(spelledType(descriptor, child(descriptor, 'declarator')), part(node, 'value', context), node, context);
}

function castTo(spelled: string, valueNode: CNode, node: CNode, context: Context): Value {
  const type = cType(spelled, context.names);
  const value = lowerExpr(valueNode, context);
  if (value.kind === 'any' || (type === null && value.kind === 'function')) return value;
  if (type === null || type.kind === 'inout' || type.kind === 'record') return context.fail(spelled, 'is no type of the model', node);
  if (type.kind === 'void') return { kind: 'void' };
  if (type.kind === 'unit') return value.kind === 'unit' ? value : context.fail(spelled, 'is no type that a value is cast to', node);
  const expr = toScalar(value, valueNode, context);
  if (expr.op === 'const' && expr.value === 0 && (type.type.kind === 'ref' || type.type.kind === 'pointer'))
    return { kind: 'scalar', expr: nullOf(type.type) };
  return {
    kind: 'scalar',
    expr: converted(expr, type.type) ?? context.fail(node.text, `casts ${typeName(expr.type)} to ${typeName(type.type)}`, node),
  };
}
