/**
 * What an expression of C is while it is lowered: a pure value, a place, a row, or something without a value.
 */
import type { BoolType, Expr, FieldType, IntType, Place, RefType, ScalarType } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';

/** A type of C, as the model has it. */
export type CType =
  | { readonly kind: 'scalar'; readonly type: ScalarType }
  | { readonly kind: 'void' }
  /**
   * A pointer to the one row of a singleton table: no value at run time. `now`, of a parameter: what is handed in is how it was when it was found, a
   * truth value, and this is how it is now, as an expression over nothing.
   */
  | { readonly kind: 'unit'; readonly table: string; readonly now?: string }
  /** `int *` of a parameter: value-result. */
  | { readonly kind: 'inout'; readonly type: ScalarType }
  /** A structure that is taken apart; `pointer`: a parameter that points to the caller's. */
  | { readonly kind: 'record'; readonly record: RecordType; readonly pointer: boolean };

/** A structure as C declares it, as far as the model has types for its members. */
export interface RecordType {
  readonly name: string;
  readonly members: readonly RecordMember[];
  /** Members of types that the model has not. */
  readonly lost: ReadonlySet<string>;
}
export type RecordMember = {
  readonly path: string /** Elements of an array; 0: it is none. */;
  readonly length: number;
} /** `seenOf`: a pointer to the one thing of that kind, of which the local says how it was when it was found. */ & (
  | { readonly type: ScalarType; readonly seenOf?: string }
  /** A pointer to the one row of a table, or to the only thing of its kind: no local. */
  | { readonly type: null; readonly unit: string }
);

/** `settled`: members that no local can hold, set once where the structure is declared: functions to call. */
export interface RecordValue {
  readonly kind: 'record';
  readonly type: RecordType;
  readonly locals: ReadonlyMap<string, string>;
  readonly settled: Map<string, Value>;
}

export type Value =
  /** Over locals and constants only. */
  | { readonly kind: 'scalar'; readonly expr: Expr }
  | { readonly kind: 'local'; readonly name: string; readonly type: ScalarType }
  /** A shared field. `as`: the integer type that it has in expressions. */
  | { readonly kind: 'place'; readonly place: Place; readonly type: FieldType; readonly as: IntType }
  /** An array field without its index: decays to the place of its first element. */
  | { readonly kind: 'array'; readonly table: string; readonly field: string; readonly row: Expr }
  /** A struct: a row. `row` is null for a singleton's. */
  | { readonly kind: 'object'; readonly table: string; readonly row: Expr | null }
  /** A member path that names no field yet. */
  | {
      readonly kind: 'member';
      readonly table: string;
      readonly row: Expr | null;
      readonly path: string;
      readonly index: Expr | null;
      readonly spelled: string;
    }
  /** A list field, as a value: whether anything is on it. Read where it is used: a longer path may name it, too. */
  | { readonly kind: 'onList'; readonly list: Place; readonly table: string; readonly row: Expr | null; readonly path: string }
  /** `seen`: the local that says how it was when it was found, and how it is now, as an expression over nothing. */
  | {
      readonly kind: 'unit';
      readonly table: string;
      readonly seen?: { readonly local: string; readonly type: ScalarType; readonly now: string };
    }
  /** `&x` of a local or a shared field. */
  | { readonly kind: 'address'; readonly of: Value }
  /** The local that a value-result parameter is. */
  | { readonly kind: 'inout'; readonly name: string; readonly type: ScalarType }
  /** A structure, or a pointer to one. `locals` by member path, with `[i]` for elements of arrays. */
  | RecordValue
  /** A part of one that is no plain member: a structure in it, or an array. */
  | {
      readonly kind: 'recordPath';
      readonly record: RecordValue;
      readonly path: string /** Of an array of structures. */;
      readonly index: Expr | null;
    }
  /** An element whose index is known at run time only. */
  | { readonly kind: 'recordElement'; readonly locals: readonly string[]; readonly index: Expr; readonly type: ScalarType }
  /** A function by its name, to be called: known wherever it is used. */
  | { readonly kind: 'function'; readonly name: string }
  /** All parts of a role at once: `sp->role.word`. `of` is the role. */
  | { readonly kind: 'word'; readonly of: Value }
  /** In which parts two roles differ: `a.word ^ b.word`, those of `except` left out. */
  | { readonly kind: 'difference'; readonly a: Value; readonly b: Value; readonly except: Value | null }
  /** All parts but those that are set in a role: `~role.word`. */
  | { readonly kind: 'mask'; readonly of: Value }
  /** Of something ignorable: any value. */
  | { readonly kind: 'any'; readonly name: string }
  | { readonly kind: 'void' };

export function constant(value: number, type: ScalarType, name?: string): Expr {
  return name === undefined ? { op: 'const', type, value } : { op: 'const', type, value, name };
}
export const falseExpr: Expr = constant(0, boolType);
export const trueExpr: Expr = constant(1, boolType);
export function localExpr(local: string, type: ScalarType): Expr {
  return { op: 'local', type, local };
}
export function nullOf(type: ScalarType): Expr {
  return constant(0, type);
}
const opposite = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const;

/** The logical opposite, without piling up signs. */
export function not(expr: Expr): Expr {
  if (expr.op === 'unary' && expr.operator === '!' && expr.a.type.kind === 'bool') return expr.a;
  if (expr.op === 'const') return constant(expr.value === 0 ? 1 : 0, boolType);
  if (expr.op === 'binary' && expr.operator in opposite) return { ...expr, operator: opposite[expr.operator as keyof typeof opposite] };
  return { op: 'unary', type: boolType, operator: '!', a: expr };
}

/** C's integer promotion and usual conversions, on 32 bits. */
export function promoted(type: IntType | BoolType): IntType {
  return type.kind === 'int' && type.max > intTypes.s32.max ? intTypes.u32 : intTypes.s32;
}
export function commonType(a: IntType | BoolType, b: IntType | BoolType): IntType {
  return promoted(a) === intTypes.u32 || promoted(b) === intTypes.u32 ? intTypes.u32 : intTypes.s32;
}

export function sameType(a: ScalarType, b: ScalarType): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'int' && b.kind === 'int')
    return a.min === b.min && a.max === b.max && a.overflow === b.overflow && a.underflow === b.underflow;
  if (a.kind === 'ref' && b.kind === 'ref') return a.table === b.table && a.strong === b.strong && a.specials === b.specials;
  if (a.kind === 'pointer' && b.kind === 'pointer') return a.table === b.table && a.field === b.field;
  return true;
}

/** `expr` as `type`, or null if C has no such conversion for what the model makes of the types. */
export function converted(expr: Expr, type: ScalarType): Expr | null {
  const from = expr.type;
  if (sameType(from, type)) return expr;
  if (expr.op === 'const' && from.kind === 'int') {
    if (type.kind === 'int' && expr.value >= type.min && expr.value <= type.max) return { ...expr, type };
    if (type.kind === 'bool') return constant(expr.value === 0 ? 0 : 1, type);
    if ((type.kind === 'ref' || type.kind === 'pointer') && expr.value === 0) return nullOf(type);
  }
  if (expr.op === 'const' && from.kind === 'bool' && type.kind === 'int') return constant(expr.value, type);
  if ((from.kind === 'int' || from.kind === 'bool') && (type.kind === 'int' || type.kind === 'bool')) return { op: 'cast', type, a: expr };
  if (from.kind === 'ref' && type.kind === 'ref' && from.table === type.table) {
    if (expr.op === 'const' && expr.value === 0) return nullOf(type);
    return { op: 'refCast', type, a: expr };
  }
  if ((from.kind === 'ref' || from.kind === 'pointer') && type.kind === 'bool')
    return { op: 'binary', type: boolType, operator: '!=', a: expr, b: nullOf(from) };
  return null;
}

export function refTo(table: string): RefType {
  return { kind: 'ref', table, strong: true, specials: 0 };
}

/** An integer of the model's word, signed or not: converting between the two changes no bit. */
export function isWord(type: FieldType | { readonly kind: 'void' }): type is IntType {
  return type.kind === 'int' && type.max - type.min === 0xffff_ffff;
}

/** A type in words, for messages. */
export function typeName(type: FieldType | { readonly kind: 'void' }): string {
  switch (type.kind) {
    case 'int':
      return type.min < 0 ? 'a signed integer' : 'an unsigned integer';
    case 'ref':
      return `a reference to ${type.table}`;
    case 'pointer':
      return `a pointer into ${type.table}`;
    default:
      return `a ${type.kind}`;
  }
}
