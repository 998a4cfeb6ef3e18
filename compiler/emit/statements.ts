/**
 * Leaf statements.
 *
 * In: a leaf statement, the function it stands in. Out: lines. Never: control flow beyond the statement, but for
 * what its surroundings give as texts: how a path ends without a successor, and how an announcing writer ends the step.
 */
import type { AtomicOperator, ScalarType } from '../ir/types.ts';
import type { LeafStmt } from '../program/types.ts';
import { readText, writeText } from './columns.ts';
import type { FunctionWriter } from './context.ts';
import { emitCond, emitExpr, emitRow } from './expressions.ts';
import { emitList } from './lists.ts';
import { emitAcquire, emitRelease, emitTryAcquire, lockQueryText } from './locks.ts';
import { allocatedText, type ResolvedPlace, resolvePlace } from './places.ts';
import { allocFunction, freeFunction } from './rows.ts';
import { constant, danglingOf, intervalOf, known, tableOf, type Value } from './values.ts';

/** What statements need to know about where they stand. */
export interface Surroundings {
  /** Statements that end the path without a successor. */
  readonly vanish: string;
  /** Statements that end an announcing step; null where the process cannot stop (then it is blocked). */
  readonly announced: string | null;
  /** The first statement of a step: it was tested before that it is not blocked. */
  readonly tested: boolean;
  /** Statements that put away the marks of rows of a table that were freed before; then the masks are clear. */
  clearMask(table: string): string;
}

export function emitLeaf(stmt: LeafStmt, w: FunctionWriter, around: Surroundings): void {
  w.at(stmt);
  switch (stmt.kind) {
    case 'assign':
      w.assign(stmt.dst, emitExpr(stmt.value, w));
      return;
    case 'load':
      w.assign(stmt.dst, scalar(resolvePlace(stmt.place, w), w));
      return;
    case 'store': {
      const place = resolvePlace(stmt.place, w);
      store(place, emitExpr(stmt.value, w), w);
      return;
    }
    case 'atomic':
      emitAtomic(stmt, w);
      return;
    case 'acquire':
      emitAcquire(resolvePlace(stmt.lock, w), stmt.mode, around.tested ? null : around.vanish, around.announced, w);
      return;
    case 'release':
      emitRelease(resolvePlace(stmt.lock, w), stmt.mode, w);
      return;
    case 'tryAcquire':
      emitTryAcquire(resolvePlace(stmt.lock, w), stmt.mode, stmt.dst, w);
      return;
    case 'lockQuery':
      w.assign(stmt.dst, lockQueryText(resolvePlace(stmt.lock, w), stmt.query, w));
      return;
    case 'list':
      emitList(stmt, resolvePlace(stmt.list, w), w);
      return;
    case 'alloc': {
      const { rows } = tableOf(w.context.tables, stmt.table);
      const row = w.temporary({ text: `${allocFunction(w.context, stmt.table)}(b)`, lo: -1, hi: rows - 1 });
      w.line(`if(${row.text}<0)${w.raise('bound', `rows of ${stmt.table}`)}`);
      w.assign(stmt.dst, { text: `(${row.text}+1)`, lo: 1, hi: rows });
      return;
    }
    case 'free':
      emitFree(stmt, w, around);
      return;
    case 'rowQuery':
      emitRowQuery(stmt, w);
      return;
    case 'choose':
      w.assign(stmt.dst, {
        text: `choose(${stmt.count},${w.fault('bound', 'of 24 bits for the choices of one step')})`,
        lo: 0,
        hi: stmt.count - 1,
      });
      return;
    case 'assume':
      w.line(`if(!(${emitCond(stmt.cond, w)})){${around.vanish}}`);
      return;
    case 'assert':
      emitAssert(stmt, w);
      return;
    case 'mark':
      w.line(`Y[${w.context.mark(stmt.name)}]++;`);
      return;
    case 'preempt':
      return;
  }
}

function scalar({ layout, element }: ResolvedPlace, w: FunctionWriter): Value {
  return { text: readText(layout.main, element), ...intervalOf(w.context.tables, scalarType(layout.field.type)) };
}
function scalarType(type: ResolvedPlace['layout']['field']['type']): ScalarType {
  if (type.kind === 'lock' || type.kind === 'list') throw new Error('a scalar field is needed');
  return type;
}
function store({ layout, element }: ResolvedPlace, value: Value, w: FunctionWriter): void {
  w.line(writeText(layout.main, element, w.bring(value, scalarType(layout.field.type))));
}

function emitAtomic(stmt: Extract<LeafStmt, { kind: 'atomic' }>, w: FunctionWriter): void {
  const place = resolvePlace(stmt.place, w);
  const [first, second] = stmt.operands.map((operand) => w.temporary(emitExpr(operand, w)));
  if (first === undefined) throw new Error('an atomic operation takes an operand');
  // A name of its own even where the text is short: the place changes before `dst` gets the old value.
  const before = w.temporary(scalar(place, w));
  if (stmt.operator === 'compareExchange') {
    if (second === undefined) throw new Error('compareExchange takes two operands');
    const equal = w.temporary({ text: `(${before.text}===${first.text}?1:0)`, lo: 0, hi: 1 });
    w.line(`if(${equal.text}!==0){`);
    store(place, second, w);
    w.line('}');
    if (stmt.dst !== null) w.assign(stmt.dst, before);
    if (stmt.success !== null) w.assign(stmt.success, equal);
    return;
  }
  store(place, combined(stmt.operator, before, first), w);
  if (stmt.dst !== null) w.assign(stmt.dst, before);
}

function combined(operator: Exclude<AtomicOperator, 'compareExchange'>, a: Value, b: Value): Value {
  const bits = (sign: '&' | '|'): Value => {
    const positive = a.lo >= 0 && b.lo >= 0;
    const hi = 2 ** Math.ceil(Math.log2(Math.max(a.hi, b.hi) + 1)) - 1;
    if (positive) return { text: hi > 0x7fff_ffff ? `((${a.text}${sign}${b.text})>>>0)` : `(${a.text}${sign}${b.text})`, lo: 0, hi };
    return { text: `(${a.text}${sign}${b.text})`, lo: -0x8000_0000, hi: 0xffff_ffff };
  };
  switch (operator) {
    case 'exchange':
      return b;
    case 'fetchAnd':
      return bits('&');
    case 'fetchOr':
      return bits('|');
    case 'fetchAdd':
      return { text: `(${a.text}+${b.text})`, lo: a.lo + b.lo, hi: a.hi + b.hi };
  }
}

function emitFree(stmt: Extract<LeafStmt, { kind: 'free' }>, w: FunctionWriter, around: Surroundings): void {
  const { type } = stmt.ref;
  if (type.kind !== 'ref') throw new Error('free takes a reference');
  const dangling = danglingOf(w.context.tables, type);
  const message = `frees a row of ${type.table} that is free`;
  const value = w.temporary(emitExpr(stmt.ref, w));
  if (known(value) === null && dangling >= 0) w.line(`if(${value.text}===${dangling})${w.raise('doubleFree', message)}`);
  const row = w.temporary(rowOf(stmt.ref, value, w));
  w.line(`if(${allocatedText(type.table, row, w)}===0)${w.raise('doubleFree', message)}`);
  w.line(`${around.clearMask(type.table)}${freeFunction(w.context, type.table)}(b,${row.text});`);
}
function rowOf(ref: Parameters<typeof emitRow>[0], value: Value, w: FunctionWriter): Value {
  return known(value) === null ? emitRow(ref, w) : emitRow({ op: 'const', type: ref.type, value: value.lo }, w);
}

function emitRowQuery(stmt: Extract<LeafStmt, { kind: 'rowQuery' }>, w: FunctionWriter): void {
  const { type } = stmt.ref;
  if (type.kind !== 'ref') throw new Error('a reference is needed');
  const { rows, dynamic } = tableOf(w.context.tables, type.table);
  const value = w.temporary(emitExpr(stmt.ref, w));
  const row: Value =
    known(value) === null
      ? { text: `(${value.text}-1)`, lo: 0, hi: rows - 1 }
      : { text: String(value.lo - 1), lo: value.lo - 1, hi: value.lo - 1 };
  if (known(value) !== null && (value.lo < 1 || value.lo > rows)) {
    w.assign(stmt.dst, constant(0));
    return;
  }
  const inside = value.lo >= 1 && value.hi <= rows ? '' : `${value.text}>=1&&${value.text}<=${rows}`;
  const life = dynamic ? allocatedText(type.table, row, w) : '1';
  w.assign(stmt.dst, { text: inside === '' ? life : `(${inside}?${life}:0)`, lo: 0, hi: 1 });
}

function emitAssert(stmt: Extract<LeafStmt, { kind: 'assert' }>, w: FunctionWriter): void {
  const property = stmt.property === null ? -1 : w.context.program.properties.indexOf(stmt.property);
  const mark = property >= 0 && property < 32 ? `W|=${1 << property};` : '';
  const end = stmt.severity === 'bug' ? w.raise('bug', stmt.message) : '';
  if (mark + end !== '') w.line(`if(!(${emitCond(stmt.cond, w)})){${mark}${end}}`);
}
