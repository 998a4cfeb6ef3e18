/**
 * Expressions as C over `long long`: exact first, then brought into their type, as the interpreter does it.
 *
 * In: IR expressions. Out: C expressions. Never: shared state.
 */
import type { Expr, OutOfRange, PointerType, RefType, ScalarType } from '../ir/types.ts';
import type { PromelaContext } from './context.ts';

/** How the C function at hand spells locals and parameters that are constants. */
export interface Scope {
  readonly context: PromelaContext;
  local(name: string): string;
}

const rules: Record<OutOfRange, string> = { wrap: 'WRAP', bound: 'BOUND', fault: 'FAULT', saturate: 'SATURATE' };

/** `value`, an exact integer, in the range of `type`. */
export function brought(type: ScalarType, value: string): string {
  if (type.kind === 'bool') return `(${value} != 0)`;
  if (type.kind !== 'int') return value;
  return `bring(${value}, ${literal(type.min)}, ${literal(type.max)}, ${rules[type.overflow]}, ${rules[type.underflow]})`;
}

export function literal(value: number): string {
  return `${value}LL`;
}

export function expression(expr: Expr, scope: Scope): string {
  const { context } = scope;
  switch (expr.op) {
    case 'const':
      return literal(expr.value);
    case 'local':
      return scope.local(expr.local);
    case 'self':
      return '(ll)self';
    case 'unary':
      return unary(expr, scope);
    case 'binary':
      return binary(expr, scope);
    case 'cast':
      return brought(expr.type, expression(expr.a, scope));
    case 'rowAt':
      return `row_at(${expression(expr.a, scope)}, ${context.table(expr.type.table).rows})`;
    case 'indexOf':
      return brought(expr.type, rowNumber(expr.a, scope));
    case 'refCast':
      return refCast(expr.type, refOf(expr.a), expression(expr.a, scope), context);
    case 'special':
      return `special(${expression(expr.a, scope)}, ${context.table(expr.type.table).rows}, ${expr.type.specials})`;
    case 'pointerTo': {
      const length = context.lengthOf(expr.type.table, expr.type.field);
      return `pointer_to(${rowNumber(expr.row, scope)}, ${expression(expr.index, scope)}, ${length})`;
    }
    case 'pointerRow': {
      const type = pointerOf(expr.a);
      const length = context.lengthOf(type.table, type.field);
      return `pointer_row(${expression(expr.a, scope)}, ${length}, ${context.dangling(type)}, ${context.dangling(expr.type)})`;
    }
    case 'pointerIndex': {
      const type = pointerOf(expr.a);
      const length = context.lengthOf(type.table, type.field);
      return brought(expr.type, `(element(${expression(expr.a, scope)}, ${context.dangling(type)}) % ${length})`);
    }
    case 'isDangling': {
      const { type } = expr.a;
      if (type.kind !== 'ref' && type.kind !== 'pointer') return '0LL';
      return `(ll)(${expression(expr.a, scope)} == ${context.dangling(type)})`;
    }
  }
}

/** Row number, from 0, of a reference that must have one. */
export function rowNumber(ref: Expr, scope: Scope): string {
  const type = refOf(ref);
  return `row_of(${expression(ref, scope)}, ${scope.context.table(type.table).rows}, ${scope.context.dangling(type)})`;
}

function refCast(target: RefType, source: RefType, value: string, context: PromelaContext): string {
  const { rows } = context.table(source.table);
  return `ref_cast(${value}, ${rows}, ${context.dangling(source)}, ${target.specials}, ${context.dangling(target)})`;
}

function unary(expr: Expr & { op: 'unary' }, scope: Scope): string {
  const a = expression(expr.a, scope);
  return expr.operator === '!' ? `(ll)!(${a})` : brought(expr.type, `(${expr.operator}(${a}))`);
}

function binary(expr: Expr & { op: 'binary' }, scope: Scope): string {
  const a = expression(expr.a, scope);
  const b = expression(expr.b, scope);
  switch (expr.operator) {
    case '+':
    case '-':
    case '*':
      return brought(expr.type, `(ll)((ull)(${a}) ${expr.operator} (ull)(${b}))`);
    case '<<':
      return brought(expr.type, `(ll)((ull)(${a}) << ((${b}) & 31))`);
    case '>>':
      return brought(expr.type, `((${a}) >> ((${b}) & 31))`);
    case '/':
    case '%':
      return brought(expr.type, `((${a}) ${expr.operator} divisor(${b}))`);
    case '&':
    case '|':
    case '^':
      return brought(expr.type, `((${a}) ${expr.operator} (${b}))`);
    default:
      return `(ll)((${a}) ${expr.operator} (${b}))`;
  }
}

function refOf(expr: Expr): RefType {
  if (expr.type.kind !== 'ref') throw new TypeError(`a reference is needed, not ${expr.type.kind}`);
  return expr.type;
}
export function pointerOf(expr: Expr): PointerType {
  if (expr.type.kind !== 'pointer') throw new TypeError(`a pointer is needed, not ${expr.type.kind}`);
  return expr.type;
}
