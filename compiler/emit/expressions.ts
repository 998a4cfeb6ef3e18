/**
 * Expressions of the IR as JavaScript expressions.
 *
 * In: expressions, the function they stand in. Out: texts with intervals. Never: a statement; what can fault
 * becomes a call of a small fixed function that throws.
 */
import type { Expr, PointerType, RefType } from '../ir/types.ts';
import type { FunctionWriter } from './context.ts';
import { constant, danglingOf, intervalOf, known, lengthOf, tableOf, type Value } from './values.ts';

type Binary = Extract<Expr, { op: 'binary' }>;
const comparisons: ReadonlyMap<string, string> = new Map([
  ['==', '==='],
  ['!=', '!=='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

/** The value of an expression: booleans are 0 and 1. */
export function emitExpr(expr: Expr, w: FunctionWriter): Value {
  const { tables } = w.context;
  switch (expr.op) {
    case 'const':
      return constant(expr.value);
    case 'local':
      return w.local(expr.local);
    case 'self':
      return w.self === null ? { text: 'S', lo: 0, hi: 255 } : constant(w.self);
    case 'unary':
      return unary(expr, w);
    case 'binary':
      if (comparisons.has(expr.operator)) return { text: `(${emitCond(expr, w)}?1:0)`, lo: 0, hi: 1 };
      return w.bring(arithmetic(expr, emitExpr(expr.a, w), emitExpr(expr.b, w), w), expr.type);
    case 'cast':
      return w.bring(emitExpr(expr.a, w), expr.type);
    case 'rowAt': {
      const { rows } = tableOf(tables, expr.type.table);
      return plus(emitIndex(emitExpr(expr.a, w), rows, w, expr.type.table), 1);
    }
    case 'indexOf':
      return w.bring(emitRow(expr.a, w), expr.type);
    case 'refCast':
      return refCast(expr.type, expr.a, w);
    case 'special': {
      const { rows } = tableOf(tables, expr.type.table);
      return plus(emitIndex(emitExpr(expr.a, w), expr.type.specials, w, `special values of ${expr.type.table}`), rows + 1);
    }
    case 'pointerTo': {
      const length = lengthOf(tables, expr.type.table, expr.type.field);
      const row = emitRow(expr.row, w);
      const index = emitIndex(emitExpr(expr.index, w), length, w, `${expr.type.table}.${expr.type.field}`);
      return plus(combine(row, length, index), 1);
    }
    case 'pointerRow': {
      const type = pointerType(expr.a);
      const length = lengthOf(tables, type.table, type.field);
      const { rows } = tableOf(tables, type.table);
      const value = emitExpr(expr.a, w);
      const k = known(value);
      if (k !== null && k <= rows * length) return constant(k === 0 ? 0 : Math.floor((k - 1) / length) + 1);
      const to = danglingOf(tables, expr.type);
      const dangling = danglingOf(tables, type);
      if (dangling >= 0 && to >= 0) return { text: `pr(${value.text},${length},${dangling},${to})`, lo: 0, hi: to };
      if (dangling < 0) return { text: `pr(${value.text},${length},-1,0)`, lo: 0, hi: rows };
      return {
        text: `pq(${value.text},${length},${dangling},${w.fault('useAfterFree', `dangling pointer to ${type.table}`)})`,
        lo: 0,
        hi: rows,
      };
    }
    case 'pointerIndex': {
      const type = pointerType(expr.a);
      const length = Math.max(lengthOf(tables, type.table, type.field), 1);
      const element = emitPointer(expr.a, w);
      const k = known(element);
      const index = k !== null ? constant(k % length) : { text: `(${element.text}%${length})`, lo: 0, hi: length - 1 };
      return w.bring(index, expr.type);
    }
    case 'isDangling':
      return { text: `(${emitCond(expr, w)}?1:0)`, lo: 0, hi: 1 };
  }
}

/** An expression as a condition of JavaScript. */
export function emitCond(expr: Expr, w: FunctionWriter): string {
  if (expr.op === 'unary' && expr.operator === '!') return `${emitExpr(expr.a, w).text}===0`;
  if (expr.op === 'binary') {
    const operator = comparisons.get(expr.operator);
    if (operator !== undefined) return `${emitExpr(expr.a, w).text}${operator}${emitExpr(expr.b, w).text}`;
  }
  if (expr.op === 'isDangling') {
    const dangling = danglingOf(w.context.tables, expr.a.type);
    return dangling < 0 ? 'false' : `${emitExpr(expr.a, w).text}===${dangling}`;
  }
  return `${emitExpr(expr, w).text}!==0`;
}

/** Row number behind a strong reference, from 0. Null, specials and dangling ones are faults. */
export function emitRow(expr: Expr, w: FunctionWriter): Value {
  if (expr.type.kind !== 'ref') throw new Error('a reference is needed');
  const { table } = expr.type;
  const { rows } = tableOf(w.context.tables, table);
  const value = emitExpr(expr, w);
  const k = known(value);
  if (k !== null && k >= 1 && k <= rows) return constant(k - 1);
  const none = w.fault('nullDereference', `null dereference of ${table}`);
  const dangling = danglingOf(w.context.tables, expr.type);
  const gone = dangling < 0 ? none : w.fault('useAfterFree', `dangling reference to ${table}`);
  return { text: `rw(${value.text},${rows},${dangling},${none},${gone})`, lo: 0, hi: rows - 1 };
}

/** Element number behind a pointer, from 0. Null and dangling ones are faults. */
export function emitPointer(expr: Expr, w: FunctionWriter): Value {
  const type = pointerType(expr);
  const { rows } = tableOf(w.context.tables, type.table);
  const elements = rows * Math.max(lengthOf(w.context.tables, type.table, type.field), 1);
  const value = emitExpr(expr, w);
  const k = known(value);
  if (k !== null && k >= 1 && k <= elements) return constant(k - 1);
  const none = w.fault('nullDereference', `null pointer into ${type.table}`);
  const dangling = danglingOf(w.context.tables, type);
  const gone = dangling < 0 ? none : w.fault('useAfterFree', `dangling pointer into ${type.table}`);
  return { text: `rw(${value.text},${elements},${dangling},${none},${gone})`, lo: 0, hi: elements - 1 };
}

/** `value` as an index below `length`; a fault if it is none. */
export function emitIndex(value: Value, length: number, w: FunctionWriter, what: string): Value {
  if (value.lo >= 0 && value.hi < length) return value;
  const number = w.fault('badIndex', `index outside ${what}`);
  return { text: `ix(${value.text},${length},${number})`, lo: 0, hi: Math.max(length - 1, 0) };
}

/** row * length + index. */
export function combine(row: Value, length: number, index: Value): Value {
  const lo = row.lo * length + index.lo;
  const hi = row.hi * length + index.hi;
  if (known(row) !== null && known(index) !== null) return constant(lo);
  const scaled = known(row) === null ? (length === 1 ? row.text : `${row.text}*${length}`) : String(row.lo * length);
  if (known(index) === 0) return { text: length === 1 ? row.text : `(${scaled})`, lo, hi };
  return { text: scaled === '0' ? index.text : `(${scaled}+${index.text})`, lo, hi };
}

function plus(value: Value, add: number): Value {
  const k = known(value);
  return k !== null ? constant(k + add) : { text: `(${value.text}+${add})`, lo: value.lo + add, hi: value.hi + add };
}

function pointerType(expr: Expr): PointerType {
  if (expr.type.kind !== 'pointer') throw new Error('a pointer is needed');
  return expr.type;
}

function refCast(target: RefType, a: Expr, w: FunctionWriter): Value {
  if (a.type.kind !== 'ref') throw new Error('a reference is needed');
  const source = a.type;
  const { rows } = tableOf(w.context.tables, source.table);
  const value = emitExpr(a, w);
  const from = danglingOf(w.context.tables, source);
  const to = danglingOf(w.context.tables, target);
  const limit = rows + Math.min(source.specials, target.specials);
  const k = known(value);
  if (k !== null && k !== from) return constant(k <= limit ? k : 0);
  if (from < 0 && source.specials <= target.specials) return value;
  if (from === to && source.specials <= target.specials) return value;
  const interval = intervalOf(w.context.tables, target);
  if (from >= 0 && to < 0) {
    const gone = w.fault('useAfterFree', `dangling reference to ${source.table}`);
    return { text: `rd(${value.text},${limit},${from},${gone})`, ...interval };
  }
  return { text: `rc(${value.text},${limit},${from},${to})`, ...interval };
}

function unary(expr: Extract<Expr, { op: 'unary' }>, w: FunctionWriter): Value {
  const a = emitExpr(expr.a, w);
  switch (expr.operator) {
    case '!':
      return { text: `(${a.text}===0?1:0)`, lo: 0, hi: 1 };
    case '-':
      return w.bring({ text: `(0-${a.text})`, lo: 0 - a.hi, hi: 0 - a.lo }, expr.type);
    case '~':
      return w.bring({ text: `(-1-${a.text})`, lo: -1 - a.hi, hi: -1 - a.lo }, expr.type);
  }
}

/** The exact result, as far as the type it is brought into later can tell. */
function arithmetic({ operator, type }: Binary, a: Value, b: Value, w: FunctionWriter): Value {
  const wraps = type.kind === 'int' && type.overflow === 'wrap' && type.underflow === 'wrap';
  switch (operator) {
    case '+':
      return { text: `(${a.text}+${b.text})`, lo: a.lo + b.lo, hi: a.hi + b.hi };
    case '-':
      return { text: `(${a.text}-${b.text})`, lo: a.lo - b.hi, hi: a.hi - b.lo };
    case '*': {
      const corners = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
      const range = { lo: Math.min(...corners), hi: Math.max(...corners) };
      // Beyond 32 bits a double is not exact modulo 2^32.
      if (wraps && (range.lo < -0x8000_0000 || range.hi > 0x7fff_ffff)) return { text: `Math.imul(${a.text},${b.text})`, ...range };
      // + 0 turns -0 into 0.
      return { text: a.lo >= 0 && b.lo >= 0 ? `(${a.text}*${b.text})` : `(${a.text}*${b.text}+0)`, ...range };
    }
    case '/':
    case '%':
      return divide(operator, a, b, w);
    case '&':
    case '|':
    case '^':
      return bitwise(operator, a, b, wraps);
    case '<<': {
      const [low, high] = shiftRange(b);
      const lo = Math.min(a.lo * 2 ** low, a.lo * 2 ** high);
      const hi = Math.max(a.hi * 2 ** low, a.hi * 2 ** high);
      if (lo >= -0x8000_0000 && hi <= 0x7fff_ffff) return { text: `(${a.text}<<${b.text})`, lo, hi };
      if (wraps) return { text: `(${a.text}<<${b.text})`, lo: -0x8000_0000, hi: 0xffff_ffff };
      return { text: `(${a.text}*2**(${b.text}&31))`, lo, hi };
    }
    case '>>': {
      const [low, high] = shiftRange(b);
      const lo = Math.min(Math.floor(a.lo / 2 ** low), Math.floor(a.lo / 2 ** high));
      const hi = Math.max(Math.floor(a.hi / 2 ** low), Math.floor(a.hi / 2 ** high));
      return { text: `(${a.text}${a.hi > 0x7fff_ffff ? '>>>' : '>>'}${b.text})`, lo, hi };
    }
    default:
      throw new Error(`not arithmetic: ${operator}`);
  }
}

function shiftRange(b: Value): readonly [number, number] {
  return b.lo >= 0 && b.hi <= 31 ? [b.lo, b.hi] : [0, 31];
}

function divide(operator: '/' | '%', a: Value, b: Value, w: FunctionWriter): Value {
  const by = b.lo <= 0 && b.hi >= 0 ? `nz(${b.text},${w.fault('divisionByZero', 'division by zero')})` : b.text;
  if (operator === '/') {
    const reach = Math.max(Math.abs(a.lo), Math.abs(a.hi));
    const positive = a.lo >= 0 && b.lo >= 0;
    const text = a.hi <= 0x7fff_ffff && positive ? `(${a.text}/${by}|0)` : `(Math.trunc(${a.text}/${by})+0)`;
    return { text, lo: positive ? 0 : -reach, hi: reach };
  }
  const reach = Math.min(Math.max(Math.abs(b.lo), Math.abs(b.hi)) - 1, Math.max(Math.abs(a.lo), Math.abs(a.hi)));
  return { text: `(${a.text}%${by}+0)`, lo: a.lo >= 0 ? 0 : -reach, hi: a.hi <= 0 ? 0 : Math.max(reach, 0) };
}

function bitwise(operator: '&' | '|' | '^', a: Value, b: Value, wraps: boolean): Value {
  const text = `(${a.text}${operator}${b.text})`;
  if (a.lo >= 0 && b.lo >= 0) {
    const hi = operator === '&' ? Math.min(a.hi, b.hi) : 2 ** Math.ceil(Math.log2(Math.max(a.hi, b.hi) + 1)) - 1;
    return { text: hi > 0x7fff_ffff ? `(${text}>>>0)` : text, lo: 0, hi };
  }
  if (operator === '&' && (a.lo >= 0 || b.lo >= 0)) {
    const hi = a.lo >= 0 ? a.hi : b.hi;
    return { text: hi > 0x7fff_ffff ? `(${text}>>>0)` : text, lo: 0, hi };
  }
  if (Math.max(a.hi, b.hi) <= 0x7fff_ffff) return { text, lo: -0x8000_0000, hi: 0x7fff_ffff };
  if (wraps || operator === '&') return { text, lo: -0x8000_0000, hi: 0xffff_ffff };
  // Which sign the exact result has is not in the low 32 bits.
  return { text: `${operator === '|' ? 'bo' : 'bx'}(${a.text},${b.text})`, lo: -0x1_0000_0000, hi: 0xffff_ffff };
}
