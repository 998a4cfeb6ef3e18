/**
 * Expressions made with their constants computed.
 *
 * In: operands. Out: an expression, a constant if it can be. Never: a fault hidden; what would leave a range
 * that does not wrap, or divide by zero, stays as it is for the run to find.
 */
import type { BinaryOperator, Expr, ScalarType, UnaryOperator } from './types.ts';
import { boolType } from './types.ts';

export function constant(type: ScalarType, value: number, name?: string): Expr {
  return name === undefined ? { op: 'const', type, value } : { op: 'const', type, value, name };
}

/** An exact integer in the range of `type`, or null where its rule is not to wrap and it does not fit. */
export function wrapExact(type: ScalarType, exact: bigint): number | null {
  if (type.kind === 'bool') return exact === 0n ? 0 : 1;
  if (type.kind !== 'int') return Number(exact);
  const [min, max] = [BigInt(type.min), BigInt(type.max)];
  if (exact >= min && exact <= max) return Number(exact);
  if ((exact > max ? type.overflow : type.underflow) !== 'wrap') return null;
  const size = max - min + 1n;
  return Number(((((exact - min) % size) + size) % size) + min);
}

/** What C computes, exactly; null for a division by zero. Shift counts are taken modulo 32. Comparisons give 0 or 1. */
export function computeExact(operator: BinaryOperator, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case '%':
      return b === 0n ? null : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << (b & 31n);
    case '>>':
      return a >> (b & 31n);
    case '==':
      return a === b ? 1n : 0n;
    case '!=':
      return a !== b ? 1n : 0n;
    case '<':
      return a < b ? 1n : 0n;
    case '<=':
      return a <= b ? 1n : 0n;
    case '>':
      return a > b ? 1n : 0n;
    case '>=':
      return a >= b ? 1n : 0n;
  }
}

export function binary(operator: BinaryOperator, type: ScalarType, a: Expr, b: Expr): Expr {
  if (a.op === 'const' && b.op === 'const') {
    const exact = computeExact(operator, BigInt(a.value), BigInt(b.value));
    const value = exact === null ? null : wrapExact(type, exact);
    if (value !== null) return constant(type, value);
  }
  return { op: 'binary', type, operator, a, b };
}

export function unary(operator: UnaryOperator, type: ScalarType, a: Expr): Expr {
  if (a.op === 'const') {
    const exact = BigInt(a.value);
    const value = wrapExact(type, operator === '!' ? (exact === 0n ? 1n : 0n) : operator === '-' ? -exact : ~exact);
    if (value !== null) return constant(type, value);
  }
  return { op: 'unary', type, operator, a };
}

const opposites: Partial<Record<BinaryOperator, BinaryOperator>> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** `!a` of a bool: comparisons are turned round, negations taken off. */
export function negate(a: Expr): Expr {
  if (a.op === 'unary' && a.operator === '!') return a.a;
  const opposite = a.op === 'binary' ? opposites[a.operator] : undefined;
  if (a.op === 'binary' && opposite !== undefined) return { ...a, operator: opposite };
  return unary('!', boolType, a);
}
