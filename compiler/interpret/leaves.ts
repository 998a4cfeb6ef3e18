/**
 * Statements that became nodes, one function for each kind.
 *
 * In: a leaf statement and its context. Out: the changed world, notes for the trace. Never: control flow.
 */
import type { Expr, ListType, LockType } from '../ir/types.ts';
import type { LeafStmt } from '../program/types.ts';
import { operate, takesElement } from './lists.ts';
import { acquire, othersLetGo, queryLock, release, tryAcquire } from './locks.ts';
import { eventPlace, type Located, listAt, lockAt, type Memory, readScalar, writeScalar } from './memory.ts';
import type { Notes } from './notes.ts';
import { danglingOf, type Environment, evaluate, FaultSignal, rowOfRef } from './values.ts';

export interface LeafContext {
  readonly memory: Memory;
  readonly env: Environment;
  readonly process: number;
  readonly notes: Notes;
  /** Brings the value into the local's type. */
  setLocal(name: string, exact: bigint | number): void;
  choose(count: number): number;
  /** Asked where the process has to wait: whether whoever it waits for makes way at once. */
  waitEnds(): boolean;
  /** Records that the property of this index is violated. */
  violate(property: number): void;
  /** Null for a name that no property of the system has. */
  propertyIndex(property: string): number | null;
}
/** `done`: go on. `announced`: the step ends here. `blocked` and `vanished`: there is no such step. */
export type LeafResult = 'done' | 'announced' | 'blocked' | 'vanished';

type Leaf<K extends LeafStmt['kind']> = Extract<LeafStmt, { kind: K }>;

export function executeLeaf(stmt: LeafStmt, context: LeafContext): LeafResult {
  const { memory, env, notes } = context;
  switch (stmt.kind) {
    case 'assign':
      context.setLocal(stmt.dst, evaluate(stmt.value, env));
      return 'done';
    case 'load':
      context.setLocal(stmt.dst, read(memory.locate(stmt.place, env), notes));
      return 'done';
    case 'store': {
      const located = memory.locate(stmt.place, env);
      write(located, evaluate(stmt.value, env), notes);
      return 'done';
    }
    case 'atomic':
      executeAtomic(stmt, context);
      return 'done';
    case 'acquire':
      return executeAcquire(stmt, context);
    case 'release': {
      const located = memory.locate(stmt.lock, env);
      release(lockAt(located), stmt.mode, context.process);
      notes.lock = { place: eventPlace(located), what: 'released', mode: stmt.mode, query: null };
      return 'done';
    }
    case 'tryAcquire': {
      const located = memory.locate(stmt.lock, env);
      const got = tryAcquire(lockAt(located), stmt.mode, context.process);
      notes.lock = { place: eventPlace(located), what: got ? 'acquired' : 'failed', mode: stmt.mode, query: null };
      context.setLocal(stmt.dst, got ? 1 : 0);
      return 'done';
    }
    case 'lockQuery': {
      const located = memory.locate(stmt.lock, env);
      const answer = queryLock(lockAt(located), stmt.query, context.process);
      notes.lock = { place: eventPlace(located), what: 'queried', mode: null, query: { query: stmt.query, answer } };
      context.setLocal(stmt.dst, answer ? 1 : 0);
      return 'done';
    }
    case 'list':
      executeList(stmt, context);
      return 'done';
    case 'alloc': {
      const row = memory.alloc(stmt.table);
      if (row === null) throw new FaultSignal('bound', `rows of ${stmt.table}`);
      notes.row = { table: stmt.table, row, what: 'alloc', dangled: [] };
      context.setLocal(stmt.dst, row + 1);
      return 'done';
    }
    case 'free':
      executeFree(stmt, context);
      return 'done';
    case 'rowQuery':
      context.setLocal(stmt.dst, isAllocated(stmt.ref, context) ? 1 : 0);
      return 'done';
    case 'choose': {
      const value = context.choose(stmt.count);
      notes.choice = { label: stmt.label, value, count: stmt.count };
      context.setLocal(stmt.dst, value);
      return 'done';
    }
    case 'assume':
      notes.condition = evaluate(stmt.cond, env) !== 0;
      return notes.condition ? 'done' : 'vanished';
    case 'assert':
      executeAssert(stmt, context);
      return 'done';
    case 'mark':
      notes.mark = stmt.name;
      return 'done';
    case 'preempt':
      return 'done';
  }
}

function read(located: Located, notes: Notes): number {
  const value = readScalar(located);
  notes.reads.push({ place: eventPlace(located), value });
  return value;
}
function write(located: Located, exact: bigint | number, notes: Notes): void {
  const before = readScalar(located);
  notes.writes.push({ place: eventPlace(located), before, after: writeScalar(located, exact) });
}

function executeAtomic(stmt: Leaf<'atomic'>, context: LeafContext): void {
  const { env, notes } = context;
  const located = context.memory.locate(stmt.place, env);
  const operands = stmt.operands.map((operand) => evaluate(operand, env));
  const [first = 0, second = 0] = operands;
  const before = read(located, notes);
  let exchanged: boolean | null = null;
  switch (stmt.operator) {
    case 'compareExchange':
      exchanged = before === first;
      if (exchanged) write(located, second, notes);
      break;
    case 'exchange':
      write(located, first, notes);
      break;
    case 'fetchAnd':
      write(located, BigInt(before) & BigInt(first), notes);
      break;
    case 'fetchOr':
      write(located, BigInt(before) | BigInt(first), notes);
      break;
    case 'fetchAdd':
      write(located, BigInt(before) + BigInt(first), notes);
      break;
  }
  notes.atomic = { operator: stmt.operator, exchanged };
  if (stmt.dst !== null) context.setLocal(stmt.dst, before);
  if (stmt.success !== null && exchanged !== null) context.setLocal(stmt.success, exchanged ? 1 : 0);
}

function executeAcquire(stmt: Leaf<'acquire'>, { memory, env, process, notes, waitEnds }: LeafContext): LeafResult {
  const located = memory.locate(stmt.lock, env);
  let result = acquire(lockTypeOf(located), lockAt(located), stmt.mode, process);
  if (result === 'blocked' && waitEnds()) {
    othersLetGo(lockAt(located), process);
    result = acquire(lockTypeOf(located), lockAt(located), stmt.mode, process);
  }
  if (result === 'blocked') return 'blocked';
  notes.lock = { place: eventPlace(located), what: result, mode: stmt.mode, query: null };
  return result === 'announced' ? 'announced' : 'done';
}

export function lockTypeOf(located: Located): LockType {
  const { type } = located.layout.field;
  if (type.kind !== 'lock') throw new TypeError(`${located.layout.field.path} is not a lock`);
  return type;
}

function executeList(stmt: Leaf<'list'>, context: LeafContext): void {
  const located = context.memory.locate(stmt.list, context.env);
  const { type } = located.layout.field;
  if (type.kind !== 'list') throw new TypeError(`${located.layout.field.path} is not a list`);
  const list = listAt(located);
  const before = [...list];
  const element = takesElement(stmt.operator) ? elementOf(stmt.element, type, context) : null;
  const elsewhere = stmt.exclusive && located.cells.some((cell) => Array.isArray(cell) && cell.includes(element ?? 0));
  const result = operate(list, { operator: stmt.operator, element: element ?? 0, capacity: type.capacity, elsewhere });
  context.notes.list = { place: eventPlace(located), operator: stmt.operator, element, result, before, after: [...list] };
  if (stmt.dst !== null && result !== null) context.setLocal(stmt.dst, result);
}

function elementOf(expr: Expr | null, list: ListType, { env, memory }: LeafContext): number {
  if (expr === null) throw new TypeError('this list operator takes an element');
  const value = evaluate(expr, env);
  if (value === 0) throw new FaultSignal('nullDereference', 'null as the element of a list');
  if (value === danglingOf(list.element, memory.shape))
    throw new FaultSignal('useAfterFree', 'a dangling reference as the element of a list');
  return value;
}

function executeFree(stmt: Leaf<'free'>, { memory, env, notes }: LeafContext): void {
  const { type } = stmt.ref;
  if (type.kind !== 'ref') throw new TypeError('free takes a reference');
  const value = evaluate(stmt.ref, env);
  const free = value === danglingOf(type, memory.shape);
  const row = free ? 0 : rowOfRef(type, value, memory.shape);
  if (free || !memory.isAllocated(type.table, row)) throw new FaultSignal('doubleFree', `frees a row of ${type.table} that is free`);
  notes.row = { table: type.table, row, what: 'free', dangled: memory.free(type.table, row) };
}

function isAllocated(ref: Expr, { memory, env }: LeafContext): boolean {
  const { type } = ref;
  if (type.kind !== 'ref') throw new TypeError('a reference is needed');
  const value = evaluate(ref, env);
  return value >= 1 && value <= memory.shape.rows(type.table) && memory.isAllocated(type.table, value - 1);
}

function executeAssert(stmt: Leaf<'assert'>, context: LeafContext): void {
  const held = evaluate(stmt.cond, context.env) !== 0;
  const property = stmt.property === null ? null : context.propertyIndex(stmt.property);
  context.notes.assertion = { property, severity: stmt.severity, message: stmt.message, held };
  if (held) return;
  if (property !== null) context.violate(property);
  if (stmt.severity === 'bug') throw new FaultSignal('bug', stmt.message);
}
