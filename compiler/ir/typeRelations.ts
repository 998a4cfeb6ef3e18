/**
 * Types compared.
 *
 * In: types. Out: yes or no. Never: a conversion.
 */
import type { ValueType } from './types.ts';

/** The same type: the same values with the same meaning and rules. */
export function sameType(a: ValueType, b: ValueType): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'int' && b.kind === 'int') {
    return a.min === b.min && a.max === b.max && a.overflow === b.overflow && a.underflow === b.underflow;
  }
  if (a.kind === 'ref' && b.kind === 'ref') return a.table === b.table && a.strong === b.strong && a.specials === b.specials;
  if (a.kind === 'pointer' && b.kind === 'pointer') return a.table === b.table && a.field === b.field;
  return true;
}

/** Whether a value of `from` may be written where `to` is kept: integers are brought into range, others must be the same. */
export function fitsInto(from: ValueType, to: ValueType): boolean {
  return (from.kind === 'int' && to.kind === 'int') || sameType(from, to);
}
