/**
 * Values and expressions: arithmetic by the range rules, references, pointers.
 *
 * In: expressions and the values of locals. Out: numbers. Never: shared state (only the fixed shape of tables).
 */

import type { FaultKind } from '../faults.ts';
import type { Expr, IntType, PointerType, RefType, ScalarType } from '../ir/types.ts';

/** Thrown where a path ends; the node that was executing adds its position. */
export class FaultSignal extends Error {
  override readonly name = 'FaultSignal';
  readonly kind: FaultKind;
  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The fixed shape of tables that references depend on. */
export interface Shape {
  rows(table: string): number;
  /** Elements of an array field. */
  length(table: string, field: string): number;
  dynamic(table: string): boolean;
}
export interface Environment {
  readonly shape: Shape;
  readonly process: number;
  local(name: string): number;
}

/** Brings an exact integer into the range of `type`, by its rules. Throws FaultSignal where a rule says so. */
export function bring(type: ScalarType, exact: bigint | number): number {
  if (type.kind === 'bool') return BigInt(exact) === 0n ? 0 : 1;
  if (type.kind !== 'int') return Number(exact);
  const value = BigInt(exact);
  if (value >= BigInt(type.min) && value <= BigInt(type.max)) return Number(value);
  const above = value > BigInt(type.max);
  const rule = above ? type.overflow : type.underflow;
  switch (rule) {
    case 'wrap':
      return wrap(type, value);
    case 'saturate':
      return above ? type.max : type.min;
    case 'fault':
      throw new FaultSignal('underflow', `${value} is ${above ? 'above' : 'below'} ${type.min}..${type.max}`);
    case 'bound':
      throw new FaultSignal('bound', `of values ${above ? `up to ${type.max}` : `from ${type.min}`}`);
  }
}

function wrap(type: IntType, value: bigint): number {
  const size = BigInt(type.max) - BigInt(type.min) + 1n;
  const offset = (value - BigInt(type.min)) % size;
  return Number(BigInt(type.min) + (offset < 0n ? offset + size : offset));
}

/** The value that stands for "its row was freed", or null if the type has none. */
export function danglingOf(type: RefType | PointerType, shape: Shape): number | null {
  if (!shape.dynamic(type.table)) return null;
  if (type.kind === 'ref') return type.strong ? shape.rows(type.table) + type.specials + 1 : null;
  return shape.rows(type.table) * shape.length(type.table, type.field) + 1;
}

/** Row number of a reference that must have one. */
export function rowOfRef(type: RefType, value: number, shape: Shape): number {
  if (value === danglingOf(type, shape)) throw new FaultSignal('useAfterFree', `dangling reference to ${type.table}`);
  if (value < 1 || value > shape.rows(type.table)) throw new FaultSignal('nullDereference', `no row of ${type.table} (${value})`);
  return value - 1;
}

/** Row and index of a pointer that must point somewhere. */
export function placeOfPointer(type: PointerType, value: number, shape: Shape): { row: number; index: number } {
  if (value === 0) throw new FaultSignal('nullDereference', `null pointer to ${type.table}.${type.field}`);
  if (value === danglingOf(type, shape)) throw new FaultSignal('useAfterFree', `dangling pointer to ${type.table}.${type.field}`);
  const length = shape.length(type.table, type.field);
  return { row: Math.floor((value - 1) / length), index: (value - 1) % length };
}

/** Whether a reference or pointer refers to (an element of) this row. */
export function refersTo(type: RefType | PointerType, value: number, row: number, shape: Shape): boolean {
  if (value === 0 || value === danglingOf(type, shape)) return false;
  return type.kind === 'ref' ? value === row + 1 : placeOfPointer(type, value, shape).row === row;
}

export function evaluate(expr: Expr, env: Environment): number {
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'local':
      return env.local(expr.local);
    case 'self':
      return env.process;
    case 'unary':
      return unary(expr.type, expr.operator, evaluate(expr.a, env));
    case 'binary': {
      const a = evaluate(expr.a, env);
      return binary(expr.type, expr.operator, a, evaluate(expr.b, env));
    }
    case 'cast':
      return bring(expr.type, evaluate(expr.a, env));
    case 'rowAt': {
      const row = evaluate(expr.a, env);
      if (row < 0 || row >= env.shape.rows(expr.type.table)) throw new FaultSignal('badIndex', `row ${row} of ${expr.type.table}`);
      return row + 1;
    }
    case 'indexOf':
      return bring(expr.type, rowOfRef(refType(expr.a), evaluate(expr.a, env), env.shape));
    case 'refCast':
      return refCast(expr.type, refType(expr.a), evaluate(expr.a, env), env.shape);
    case 'special': {
      const n = evaluate(expr.a, env);
      if (n < 0 || n >= expr.type.specials) throw new FaultSignal('badIndex', `special ${n} of ${expr.type.table}`);
      return env.shape.rows(expr.type.table) + 1 + n;
    }
    case 'pointerTo': {
      const row = rowOfRef(refType(expr.row), evaluate(expr.row, env), env.shape);
      const index = evaluate(expr.index, env);
      const length = env.shape.length(expr.type.table, expr.type.field);
      if (index < 0 || index >= length) throw new FaultSignal('badIndex', `${expr.type.table}.${expr.type.field}[${index}]`);
      return 1 + row * length + index;
    }
    case 'pointerRow': {
      const type = pointerType(expr.a);
      const value = evaluate(expr.a, env);
      if (value === 0) return 0;
      if (value === danglingOf(type, env.shape)) return danglingRow(expr.type, env.shape);
      return placeOfPointer(type, value, env.shape).row + 1;
    }
    case 'pointerIndex':
      return bring(expr.type, placeOfPointer(pointerType(expr.a), evaluate(expr.a, env), env.shape).index);
    case 'isDangling': {
      const type = expr.a.type;
      const value = evaluate(expr.a, env);
      return (type.kind === 'ref' || type.kind === 'pointer') && value === danglingOf(type, env.shape) ? 1 : 0;
    }
  }
}

function refType(expr: Expr): RefType {
  if (expr.type.kind !== 'ref') throw new TypeError(`a reference is needed, not ${expr.type.kind}`);
  return expr.type;
}
function pointerType(expr: Expr): PointerType {
  if (expr.type.kind !== 'pointer') throw new TypeError(`a pointer is needed, not ${expr.type.kind}`);
  return expr.type;
}

function danglingRow(type: RefType, shape: Shape): number {
  const value = danglingOf(type, shape);
  if (value === null) throw new FaultSignal('useAfterFree', `dangling reference to ${type.table}`);
  return value;
}

function refCast(target: RefType, source: RefType, value: number, shape: Shape): number {
  const rows = shape.rows(source.table);
  if (value <= rows) return value;
  if (value === danglingOf(source, shape)) return danglingRow(target, shape);
  return value - rows <= target.specials ? value : 0;
}

function unary(type: ScalarType, operator: '!' | '-' | '~', a: number): number {
  switch (operator) {
    case '!':
      return a === 0 ? 1 : 0;
    case '-':
      return bring(type, -BigInt(a));
    case '~':
      return bring(type, ~BigInt(a));
  }
}

function binary(type: ScalarType, operator: (Expr & { op: 'binary' })['operator'], a: number, b: number): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  switch (operator) {
    case '+':
      return bring(type, x + y);
    case '-':
      return bring(type, x - y);
    case '*':
      return bring(type, x * y);
    case '/':
      if (y === 0n) throw new FaultSignal('divisionByZero', 'division by zero');
      return bring(type, x / y);
    case '%':
      if (y === 0n) throw new FaultSignal('divisionByZero', 'division by zero');
      return bring(type, x % y);
    case '&':
      return bring(type, x & y);
    case '|':
      return bring(type, x | y);
    case '^':
      return bring(type, x ^ y);
    case '<<':
      return bring(type, x << (y & 31n));
    case '>>':
      return bring(type, x >> (y & 31n));
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
  }
}
