/**
 * The functions of the vocabulary: what each becomes in IR.
 *
 * In: a call with its arguments. Out: statements, a value or none. Never: two accesses for one primitive.
 */
import type { CallExpression, Expression } from 'oxc-parser';
import { negate } from '../../ir/fold.ts';
import {
  type AtomicOperator,
  boolType,
  type Expr,
  intTypes,
  type ListOperator,
  type LockMode,
  type LockQuery,
  type RefType,
  type ScalarType,
} from '../../ir/types.ts';
import type { Span } from '../source.ts';
import { showType } from '../types.ts';
import { type FunctionContext, local, typed, type Value } from './context.ts';
import { asBool, asType } from './convert.ts';
import { load, placeOfExpression, readType, scalarField, throughPointer, type WholePlace } from './places.ts';

export interface PrimitiveCall {
  readonly cx: FunctionContext;
  readonly node: CallExpression;
  readonly args: readonly Expression[];
  readonly hint: ScalarType | undefined;
}
export interface Primitive {
  readonly least: number;
  readonly most: number;
  /** It only reads, so the condition of a wait may use it. */
  readonly reads: boolean;
  /** Null: it gives no value. */
  lower(call: PrimitiveCall): Value | null;
}

function reading(count: number, lower: Primitive['lower']): Primitive {
  return { least: count, most: count, reads: true, lower };
}
function acting(least: number, lower: Primitive['lower'], most = least): Primitive {
  return { least, most, reads: false, lower };
}

/** The n-th argument; their number was checked. */
function arg({ cx, node, args }: PrimitiveCall, n: number): Expression {
  return args[n] ?? cx.refuse('MM116', node, `argument ${n + 1} is missing`);
}
function valueAs(call: PrimitiveCall, n: number, type: ScalarType): Expr {
  const node = arg(call, n);
  return asType(call.cx, call.cx.lower.value(call.cx, node, type), type, node);
}
function condition(call: PrimitiveCall, n: number): Expr {
  const node = arg(call, n);
  return asBool(call.cx, call.cx.lower.value(call.cx, node, boolType), node);
}
function text(call: PrimitiveCall, n: number): string {
  const node = arg(call, n);
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  return call.cx.refuse('MM117', node, 'a literal text is needed here');
}
function table(call: PrimitiveCall, n: number): string {
  const node = arg(call, n);
  const found = node.type === 'Identifier' ? call.cx.machine.tables.find((candidate) => candidate.name === node.name) : undefined;
  return found?.name ?? call.cx.refuse('MM117', node, `${call.cx.source.textOf(node)} is not a table`);
}
function refTo(name: string): RefType {
  return { kind: 'ref', table: name, strong: true, specials: 0 };
}
function reference(call: PrimitiveCall, n: number): { expr: Expr; type: RefType } {
  const node = arg(call, n);
  const value = call.cx.lower.value(call.cx, node);
  if (value.kind === 'typed' && value.expr.type.kind === 'ref') return { expr: value.expr, type: value.expr.type };
  return call.cx.refuse('MM106', node, `${call.cx.source.textOf(node)} is not a reference`);
}
function pointer(call: PrimitiveCall, n: number): Expr {
  const node = arg(call, n);
  const value = call.cx.lower.value(call.cx, node);
  if (value.kind === 'typed' && value.expr.type.kind === 'pointer') return value.expr;
  return call.cx.refuse('MM106', node, `${call.cx.source.textOf(node)} is not a pointer`);
}
function result(cx: FunctionContext, type: ScalarType): { dst: string; value: Value } {
  const dst = cx.temporary(type);
  return { dst, value: typed(local(dst, type)) };
}

// Locks
function lockOf(call: PrimitiveCall): WholePlace {
  const node = arg(call, 0);
  const whole = placeOfExpression(call.cx, node);
  if (whole.field.type.kind !== 'lock') call.cx.refuse('MM117', node, `${call.cx.source.textOf(node)} is not a lock`);
  return whole;
}
function sharedLock(call: PrimitiveCall, mode: LockMode): WholePlace {
  const whole = lockOf(call);
  if (mode === 'shared' && whole.field.type.kind === 'lock' && whole.field.type.flavour === 'mutex') {
    call.cx.refuse('MM117', arg(call, 0), 'a mutex has no shared mode');
  }
  return whole;
}
function lockAction(kind: 'acquire' | 'release', mode: LockMode): Primitive {
  return acting(1, (call) => {
    call.cx.emit(call.node, { kind, lock: sharedLock(call, mode).place, mode });
    return null;
  });
}
function lockTry(mode: LockMode): Primitive {
  return acting(1, (call) => {
    const lock = sharedLock(call, mode).place;
    const { dst, value } = result(call.cx, boolType);
    call.cx.emit(call.node, { kind: 'tryAcquire', lock, mode, dst });
    return value;
  });
}
function lockQuestion(query: LockQuery): Primitive {
  return reading(1, (call) => {
    const lock = lockOf(call).place;
    const { dst, value } = result(call.cx, boolType);
    call.cx.emit(call.node, { kind: 'lockQuery', lock, query, dst });
    return value;
  });
}

// Lists
function listPrimitive(operator: ListOperator, exclusive = false): Primitive {
  const takesElement = !['length', 'isEmpty', 'first', 'last'].includes(operator);
  const lower: Primitive['lower'] = (call) => {
    const { cx, node } = call;
    const whole = placeOfExpression(cx, arg(call, 0));
    const listType = whole.field.type;
    if (listType.kind !== 'list') return cx.refuse('MM117', arg(call, 0), `${cx.source.textOf(arg(call, 0))} is not a list`);
    const mark = cx.out.length;
    const element = takesElement ? valueAs(call, 1, listType.element) : null;
    const list = cx.protectPlace(mark, node, whole.place);
    if (operator === 'add' || operator === 'addTail' || operator === 'remove') {
      cx.emit(node, { kind: 'list', operator, list, element, dst: null, exclusive });
      return null;
    }
    const type = operator === 'contains' || operator === 'isEmpty' ? boolType : operator === 'length' ? intTypes.u32 : listType.element;
    const { dst, value } = result(cx, type);
    cx.emit(node, { kind: 'list', operator, list, element, dst, exclusive });
    return value;
  };
  const changes = operator === 'add' || operator === 'addTail' || operator === 'remove';
  return { least: takesElement ? 2 : 1, most: takesElement ? 2 : 1, reads: !changes, lower };
}

// Atomics
function atomic(operator: AtomicOperator): Primitive {
  return acting(operator === 'compareExchange' ? 3 : 2, (call) => {
    const { cx, node, args } = call;
    const whole = placeOfExpression(cx, arg(call, 0));
    const type = scalarField(cx, whole, arg(call, 0));
    if (operator.startsWith('fetch') && type.kind !== 'int')
      cx.refuse('MM117', arg(call, 0), `${operator} takes an integer field, not ${showType(type)}`);
    const mark = cx.out.length;
    const operands: Expr[] = [];
    for (let n = 1; n < args.length; n++) {
      const before = cx.out.length;
      const value = valueAs(call, n, readType(type));
      operands.splice(0, operands.length, ...cx.protect(before, node, operands), value);
    }
    const place = cx.protectPlace(mark, node, whole.place);
    const { dst, value } = result(cx, readType(type));
    cx.emit(node, { kind: 'atomic', operator, place, operands, dst, success: null });
    return value;
  });
}

// References
/** The number of special values of roots of a table: from the type asked for, or from the machine if it has one kind only. */
function rootType(call: PrimitiveCall, tableName: string | null): RefType {
  const { cx, node, hint } = call;
  const given = node.typeArguments?.params;
  if (given?.length === 2) {
    const named = cx.declarations.rootOf(cx.source, node, given);
    if (tableName === null || named.table === tableName) return named;
  }
  if (hint?.kind === 'ref' && hint.specials > 0 && (tableName === null || hint.table === tableName)) return { ...hint, strong: true };
  const counts = new Set<number>();
  let only: RefType | null = null;
  for (const { type } of cx.machine.tables.flatMap((candidate) => candidate.fields)) {
    if (type.kind !== 'ref' || type.specials === 0 || (tableName !== null && type.table !== tableName)) continue;
    counts.add(type.specials);
    if (only !== null && only.table !== type.table) counts.add(-1);
    only = { ...type, strong: true };
  }
  if (only !== null && counts.size === 1) return only;
  return cx.refuse('MM105', node, 'a root of which type?');
}

function warn(severity: 'warn' | 'bug'): Primitive['lower'] {
  return (call) => {
    const { cx, node, args } = call;
    const cond = condition(call, 0);
    const property = args.length > 1 ? text(call, 1) : null;
    const message = cx.source.textOf(node);
    cx.emit(node, { kind: 'assert', cond: negate(cond), severity, message, property });
    if (severity === 'bug') return null;
    return typed(cond);
  };
}

function choice(forEver: boolean): Primitive {
  return acting(1, (call) => {
    const label = text(call, 0);
    const { dst, value } = result(call.cx, boolType);
    call.cx.emit(call.node, { kind: 'choose', dst, count: 2, label, forEver });
    return value;
  });
}

function waiting(idle: boolean): Primitive {
  return acting(
    1,
    (call) => {
      const { cx, node, args } = call;
      if (cx.waiting) cx.refuse('MM127', node, 'a wait inside a wait');
      const label = !idle && args.length > 1 ? text(call, 1) : cx.source.textOf(arg(call, 0));
      waitUntil(cx, node, label, idle, () => condition(call, 0));
      return null;
    },
    idle ? 1 : 2,
  );
}
/** A wait whose condition `cond` makes, with what it reads in the wait's own body. */
export function waitUntil(cx: FunctionContext, span: Span, label: string, idle: boolean, cond: () => Expr, whole: Span = span): void {
  let held: Expr | null = null;
  cx.waiting = true;
  try {
    const body = cx.capture(() => {
      held = cond();
    });
    if (held === null) throw new Error('a condition was made');
    cx.emit(whole, { kind: 'wait', body, cond: held, label, idle });
  } finally {
    cx.waiting = false;
  }
}

export const primitives: Readonly<Record<string, Primitive>> = {
  acquire: lockAction('acquire', 'exclusive'),
  release: lockAction('release', 'exclusive'),
  acquireShared: lockAction('acquire', 'shared'),
  releaseShared: lockAction('release', 'shared'),
  tryAcquire: lockTry('exclusive'),
  tryAcquireShared: lockTry('shared'),
  isContended: lockQuestion('contended'),
  holdsExclusive: lockQuestion('heldExclusive'),
  holdsShared: lockQuestion('heldShared'),
  holds: lockQuestion('held'),

  listAdd: listPrimitive('add'),
  listAddTail: listPrimitive('addTail'),
  listAddExclusive: listPrimitive('add', true),
  listAddTailExclusive: listPrimitive('addTail', true),
  listRemove: listPrimitive('remove'),
  listContains: listPrimitive('contains'),
  listLength: listPrimitive('length'),
  listIsEmpty: listPrimitive('isEmpty'),
  listFirst: listPrimitive('first'),
  listLast: listPrimitive('last'),
  listNext: listPrimitive('next'),
  listPrevious: listPrimitive('previous'),

  compareExchange: atomic('compareExchange'),
  exchange: atomic('exchange'),
  fetchAnd: atomic('fetchAnd'),
  fetchOr: atomic('fetchOr'),
  fetchAdd: atomic('fetchAdd'),

  rowAt: reading(2, (call) => typed({ op: 'rowAt', type: refTo(table(call, 0)), a: valueAs(call, 1, intTypes.u32) })),
  indexOf: reading(1, (call) => typed({ op: 'indexOf', type: intTypes.u32, a: reference(call, 0).expr })),
  tagOf: reading(1, (call) => {
    const { expr, type } = reference(call, 0);
    return typed({ op: 'refCast', type: { ...type, strong: false }, a: expr });
  }),
  rootOf: reading(1, (call) => {
    const { expr, type } = reference(call, 0);
    return typed({ op: 'refCast', type: rootType(call, type.table), a: expr });
  }),
  rowOf: reading(1, (call) => {
    const { expr, type } = reference(call, 0);
    return typed({ op: 'refCast', type: { ...type, specials: 0 }, a: expr });
  }),
  specialRoot: reading(1, (call) => typed({ op: 'special', type: rootType(call, null), a: valueAs(call, 0, intTypes.u32) })),
  pointerTo: reading(4, (call) => {
    const { cx } = call;
    const name = table(call, 0);
    const row = valueAs(call, 1, refTo(name));
    const field = text(call, 2);
    const found = cx.machine.tables.find((candidate) => candidate.name === name)?.fields.find((candidate) => candidate.path === field);
    if (found === undefined || found.length === 0) cx.refuse('MM112', arg(call, 2), `${name} has no array field ${field}`);
    const mark = cx.out.length;
    const index = valueAs(call, 3, intTypes.u32);
    const kept = cx.protect(mark, arg(call, 3), [row])[0] ?? row;
    return typed({ op: 'pointerTo', type: { kind: 'pointer', table: name, field }, row: kept, index });
  }),
  pointerRow: reading(1, (call) => {
    const a = pointer(call, 0);
    return typed({ op: 'pointerRow', type: refTo(a.type.kind === 'pointer' ? a.type.table : ''), a });
  }),
  pointerIndex: reading(1, (call) => typed({ op: 'pointerIndex', type: intTypes.u32, a: pointer(call, 0) })),
  at: reading(1, (call) => load(call.cx, throughPointer(call.cx, arg(call, 0)), call.node)),
  put: acting(2, (call) => {
    const { cx, node } = call;
    const whole = throughPointer(cx, arg(call, 0));
    const mark = cx.out.length;
    const value = valueAs(call, 1, scalarField(cx, whole, arg(call, 0)));
    cx.emit(node, { kind: 'store', place: cx.protectPlace(mark, node, whole.place), value });
    return null;
  }),

  alloc: acting(1, (call) => {
    const name = table(call, 0);
    if (!call.cx.machine.tables.some((candidate) => candidate.name === name && candidate.dynamic)) {
      call.cx.refuse('MM117', arg(call, 0), `the rows of ${name} always exist`);
    }
    const { dst, value } = result(call.cx, refTo(name));
    call.cx.emit(call.node, { kind: 'alloc', table: name, dst });
    return value;
  }),
  free: acting(1, (call) => {
    const { expr, type } = reference(call, 0);
    if (!type.strong || type.specials > 0) call.cx.refuse('MM106', arg(call, 0), `${showType(type)} is not ${showType(refTo(type.table))}`);
    if (!call.cx.machine.tables.some((candidate) => candidate.name === type.table && candidate.dynamic)) {
      call.cx.refuse('MM117', arg(call, 0), `the rows of ${type.table} always exist`);
    }
    call.cx.emit(call.node, { kind: 'free', ref: expr });
    return null;
  }),
  isAllocated: reading(1, (call) => {
    const { expr } = reference(call, 0);
    const { dst, value } = result(call.cx, boolType);
    call.cx.emit(call.node, { kind: 'rowQuery', ref: expr, dst });
    return value;
  }),
  isDangling: reading(1, (call) => {
    const node = arg(call, 0);
    const value = call.cx.lower.value(call.cx, node);
    if (value.kind !== 'typed' || (value.expr.type.kind !== 'ref' && value.expr.type.kind !== 'pointer')) {
      return call.cx.refuse('MM106', node, `${call.cx.source.textOf(node)} is neither a reference nor a pointer`);
    }
    return typed({ op: 'isDangling', type: boolType, a: value.expr });
  }),

  self: reading(0, () => typed({ op: 'self', type: intTypes.u32 })),
  choose: acting(2, (call) => {
    const { cx, node } = call;
    const label = text(call, 0);
    const count = valueAs(call, 1, intTypes.u32);
    if (count.op !== 'const' || count.value < 1) return cx.refuse('MM121', arg(call, 1), 'the number of choices, at least 1');
    const { dst, value } = result(cx, intTypes.u32);
    cx.emit(node, { kind: 'choose', dst, count: count.value, label, forEver: true });
    return value;
  }),
  chooseBool: choice(true),
  chooseFair: choice(false),
  assume: acting(1, (call) => {
    call.cx.emit(call.node, { kind: 'assume', cond: condition(call, 0) });
    return null;
  }),
  wait: waiting(false),
  idleUntil: waiting(true),
  preempt: acting(0, ({ cx, node }) => {
    cx.emit(node, { kind: 'preempt' });
    return null;
  }),
  WARN_ON: acting(1, warn('warn'), 2),
  BUG_ON: acting(1, warn('bug'), 2),
  mark: acting(1, (call) => {
    call.cx.emit(call.node, { kind: 'mark', name: text(call, 0) });
    return null;
  }),
};
