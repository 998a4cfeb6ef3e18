/**
 * Arithmetic of literals before they have a type.
 *
 * In: numbers. Out: literals. Never: a value outside 32 bits, signed or unsigned.
 */
import { computeExact } from '../../ir/fold.ts';
import { type BinaryOperator, boolType } from '../../ir/types.ts';
import type { Value } from './context.ts';

/** Null if there is no such value: a division by zero, or more than 32 bits. */
export function foldLiterals(operator: BinaryOperator, a: number, b: number): Value | null {
  const exact = computeExact(operator, BigInt(a), BigInt(b));
  if (exact === null || exact < -0x8000_0000n || exact > 0xffff_ffffn) return null;
  const comparing = ['==', '!=', '<', '<=', '>', '>='].includes(operator);
  if (comparing) return { kind: 'typed', expr: { op: 'const', type: boolType, value: Number(exact) } };
  return { kind: 'literal', value: Number(exact) };
}
