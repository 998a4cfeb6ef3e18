/**
 * Expressions of the IR as JavaScript for true scale.
 *
 * In: expressions, names of locals. Out: texts. Never: an interval, a packed word; a check of a scaled width.
 *
 * A type that would end a run at check bounds as `incomplete` (`bound`) has no upper end here: it says how far the
 * model was scaled down, and nothing is scaled down.
 */
import type { Expr, IntType, PointerType, RefType, ScalarType, TableDescription } from '../ir/types.ts';

export interface Names {
  readonly tables: ReadonlyMap<string, TableDescription>;
  local(name: string): string;
}

/** `text`, a number, brought into the range of `type`. */
export function bring(text: string, type: ScalarType): string {
  if (type.kind === 'bool') return `(${text}!==0?1:0)`;
  return type.kind === 'int' ? bringInt(text, type) : text;
}
function bringInt(text: string, type: IntType): string {
  const { min, max } = type;
  if (type.overflow === 'wrap') {
    if (max === 0xffff_ffff) return `(${text}>>>0)`;
    if (min === -0x8000_0000) return `(${text}|0)`;
    if (min === 0 && max <= 0x7fff_ffff) return `(${text}&${max})`;
    const shift = 31 - Math.round(Math.log2(max));
    if (min === -(max + 1)) return `(${text}<<${shift}>>${shift})`;
    throw new RangeError(`no whole number of bits: ${min}..${max}`);
  }
  if (type.overflow === 'saturate') return `Math.max(${min},Math.min(${max},${text}))`;
  return `atLeast(${text},${min})`;
}

const comparisons: Readonly<Record<string, string>> = { '==': '===', '!=': '!==', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

/** A JavaScript expression that binds tightly; truth values are 0 and 1. */
export function emitExpr(expr: Expr, names: Names): string {
  const sub = (each: Expr) => emitExpr(each, names);
  switch (expr.op) {
    case 'const':
      return expr.value < 0 ? `(${expr.value})` : String(expr.value);
    case 'local':
      return names.local(expr.local);
    case 'self':
      return 'S';
    case 'unary':
      if (expr.operator === '!') return `(${sub(expr.a)}===0?1:0)`;
      return bring(`(${expr.operator}${sub(expr.a)})`, expr.type);
    case 'binary':
      return binary(expr, names);
    case 'cast':
      return bring(sub(expr.a), expr.type);
    case 'rowAt':
      return `(below(${sub(expr.a)},${rowsOf(expr.type, names)})+1)`;
    case 'indexOf':
      return `row(${sub(expr.a)},${rowsOf(refType(expr.a), names)})`;
    case 'refCast':
      return `cast(${sub(expr.a)},${rowsOf(expr.type, names)},${expr.type.specials})`;
    case 'special':
      return `(${rowsOf(expr.type, names)}+1+below(${sub(expr.a)},${expr.type.specials}))`;
    case 'pointerTo': {
      const length = lengthOf(expr.type, names);
      return `(1+row(${sub(expr.row)},${rowsOf(refType(expr.row), names)})*${length}+below(${sub(expr.index)},${length}))`;
    }
    case 'pointerRow':
      return `pointed(${sub(expr.a)},${lengthOf(pointerType(expr.a), names)})`;
    case 'pointerIndex':
      return `(notNull(${sub(expr.a)})%${lengthOf(pointerType(expr.a), names)})`;
    case 'isDangling':
      return '0';
  }
}

function binary(expr: Expr & { op: 'binary' }, names: Names): string {
  const a = emitExpr(expr.a, names);
  const b = emitExpr(expr.b, names);
  const comparison = comparisons[expr.operator];
  if (comparison !== undefined) return `(${a}${comparison}${b}?1:0)`;
  return bring(arithmetic(expr, a, b), expr.type);
}

function arithmetic({ operator, type, a: left, b: right }: Expr & { op: 'binary' }, a: string, b: string): string {
  const wraps = type.kind === 'int' && type.overflow === 'wrap';
  const power = powerOfTwo(left, right);
  if (power !== null && operator === '/') return `(${a}>>>${power})`;
  if (power !== null && operator === '%') return `(${a}&${2 ** power - 1})`;
  switch (operator) {
    case '*':
      return wraps ? `Math.imul(${a},${b})` : `(${a}*${b})`;
    case '/':
      return `Math.trunc(${a}/divisor(${b}))`;
    case '%':
      return `(${a}%divisor(${b}))`;
    case '<<':
      return wraps ? `(${a}<<(${b}&31))` : `(${a}*2**(${b}&31))`;
    case '>>':
      return `(${a}${left.type.kind === 'int' && left.type.min < 0 ? '>>' : '>>>'}(${b}&31))`;
    case '&':
    case '|':
    case '^':
      return type.kind === 'int' && type.min >= 0 ? `((${a}${operator}${b})>>>0)` : `(${a}${operator}${b})`;
    default:
      return `(${a}${operator}${b})`;
  }
}

/** The exponent of a constant that divides an unsigned number of 32 bits, for which there is something faster than division. */
function powerOfTwo(left: Expr, right: Expr): number | null {
  const { type } = left;
  if (right.op !== 'const' || type.kind !== 'int' || type.min < 0 || type.overflow !== 'wrap' || type.max > 0xffff_ffff) return null;
  const power = Math.log2(right.value);
  return Number.isInteger(power) && power >= 0 && power < 31 ? power : null;
}

export function refType(expr: Expr): RefType {
  if (expr.type.kind !== 'ref') throw new TypeError(`a reference is needed, not ${expr.type.kind}`);
  return expr.type;
}
export function pointerType(expr: Expr): PointerType {
  if (expr.type.kind !== 'pointer') throw new TypeError(`a pointer is needed, not ${expr.type.kind}`);
  return expr.type;
}
function rowsOf(type: RefType, { tables }: Names): number {
  return tables.get(type.table)?.rows ?? 0;
}
function lengthOf(type: PointerType, { tables }: Names): number {
  return Math.max(tables.get(type.table)?.fields.find(({ path }) => path === type.field)?.length ?? 0, 1);
}
