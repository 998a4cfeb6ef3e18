/**
 * Types of the subset: how they are named, compared and met.
 *
 * In: IR types. Out: IR types. Never: a syntax tree.
 */
import { sameType, spellType } from '../ir/typeRelations.ts';
import { type IntType, intTypes, type ScalarType, type ValueType } from '../ir/types.ts';

/** A record is taken apart into scalars; `path` is `level`, or `map.level` for a record in a record. */
export interface RecordType {
  readonly kind: 'record';
  readonly name: string;
  readonly members: readonly { readonly path: string; readonly type: ScalarType }[];
}
export type SubsetType = ValueType | RecordType;

export function sameRecord(a: RecordType, b: RecordType): boolean {
  return (
    a.members.length === b.members.length &&
    a.members.every((member, i) => {
      const other = b.members[i];
      return other !== undefined && other.path === member.path && sameType(other.type, member.type);
    })
  );
}

export function showType(type: SubsetType): string {
  return type.kind === 'record' ? type.name : spellType(type);
}

export function smallType(max: number): IntType {
  return { kind: 'int', min: 0, max, overflow: 'bound', underflow: 'bound' };
}
/** The integer type in which a value of `type` takes part in arithmetic: one of C's. */
export function operandType(type: IntType): IntType {
  if (Object.values(intTypes).some((candidate) => sameType(candidate, type))) return type;
  return type.min < 0 ? intTypes.s32 : intTypes.u32;
}
/** The wider of two of C's types; at equal width the unsigned one. */
export function meet(a: IntType, b: IntType): IntType {
  const width = widthOf(a) - widthOf(b);
  if (width !== 0) return width > 0 ? a : b;
  return a.min < 0 ? b : a;
}
function widthOf(type: IntType): number {
  return type.max - type.min;
}

/** Whether a literal may stand for a value of `type`: `~0` and `-1` stand for themselves modulo the width where it wraps. */
export function literalFits(type: IntType, value: number): boolean {
  if (value >= type.min && value <= type.max) return true;
  if (type.overflow !== 'wrap' || type.underflow !== 'wrap') return false;
  const size = type.max - type.min + 1;
  return value >= -(size / 2) && value < size;
}
/** A literal that fits, brought into the range of a type that wraps. */
export function wrapInto(type: IntType, value: number): number {
  if (value >= type.min && value <= type.max) return value;
  const size = type.max - type.min + 1;
  return ((((value - type.min) % size) + size) % size) + type.min;
}
