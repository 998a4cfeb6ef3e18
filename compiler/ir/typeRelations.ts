/**
 * Types compared and spelled.
 *
 * In: types. Out: yes or no, or the words of the subset. Never: a conversion.
 */
import { intTypes, type ValueType } from './types.ts';

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

/** As the subset writes it; an integer type that it has no word for, by its range. */
export function spellType(type: ValueType): string {
  switch (type.kind) {
    case 'int': {
      const named = Object.entries(intTypes).find(([, candidate]) => sameType(candidate, type));
      if (named !== undefined) return named[0];
      return type.min === 0 && type.overflow === 'bound' && type.underflow === 'bound' ? `Small<${type.max}>` : `${type.min}..${type.max}`;
    }
    case 'ref': {
      if (type.strong) return type.specials === 0 ? `Ref<'${type.table}'>` : `Root<'${type.table}', ${type.specials}>`;
      return type.specials === 0 ? `Tag<'${type.table}'>` : `Tag<'${type.table}'> & Root<'${type.table}', ${type.specials}>`;
    }
    case 'pointer':
      return `Pointer<'${type.table}', '${type.field}'>`;
    default:
      return type.kind;
  }
}
