/**
 * Recipes of random programs to systems in IR.
 *
 * In: recipes. Out: system descriptions. Never: randomness.
 */

import type { SystemDescription } from '../description.ts';
import type { Expr, IntType, LockMode, Place, Procedure, Stmt } from '../ir/types.ts';
import { binary, bool, local, not, num, place, rowOf, strong, u32, type Writer, wrapping } from './irWords.ts';
import { propertiesOf } from './properties.ts';
import type { CellPlace, Condition, LockName, Mode, Op, Operand, Recipe, RowChoice, SystemRecipe } from './recipe.ts';
import { procedure, toySystem } from './toySystem.ts';

const small: IntType = wrapping(3);
const object = strong('objects');
const cell = strong('cells');
const r = local('r', object);
const locals = {
  t: small,
  u: small,
  b: bool,
  r: object,
  q: object,
  c: cell,
  l: u32,
  g0: bool,
  g1: bool,
  g2: bool,
  k0: u32,
  k1: u32,
  k2: u32,
};
const head = place('vm', 'head');
const list = place('vm', 'list');

export function lowerSystem(recipe: SystemRecipe): SystemDescription {
  const helpers = recipe.helpers.map((body, k) =>
    procedure(`helper${k}`, (w) => [...new Lowering(w).body(body), w.return(local('t', small))], {
      params: [
        { name: 'who', type: cell, mode: 'in' },
        { name: 'u', type: small, mode: 'inout' },
      ],
      locals: withoutLocal('u'),
      result: small,
    }),
  );
  const { properties, procedures } = propertiesOf(recipe.properties);
  return toySystem({
    processes: recipe.processes.map(({ body, row, daemon }, k) => ({
      run: procedure(`process${k}`, (w) => new Lowering(w).body(body), { params: [{ name: 'who', type: cell, mode: 'in' }], locals }),
      args: [row + 1],
      daemon,
    })),
    procedures: [...helpers, ...procedures, grab, down],
    properties,
    ...(recipe.published ? { prologue: publish } : {}),
  });
}

function withoutLocal(name: string) {
  return Object.fromEntries(Object.entries(locals).filter(([key]) => key !== name));
}

const publish: Procedure = procedure('publish', (w) => [w.alloc('r', 'objects'), w.store(head, r)], { locals: { r: object } });

/** Takes a lock or does not, and says which: returns with two sets of locks. */
const grab: Procedure = procedure(
  'grab',
  (w) => [
    w.choose('t', 2, 'grab'),
    w.if(binary('==', local('t', small), num(1, small)), [w.acquire(place('vm', 'mutexB')), w.return(num(1, bool))]),
    w.return(num(0, bool)),
  ],
  { locals: { t: small }, result: bool },
);

/** Recursion, with a shared access at each depth. */
const down: Procedure = procedure(
  'down',
  (w) => [
    w.store(place('cells', 'x', rowOf('cells', 1)), local('n', small)),
    w.if(binary('!=', local('n', small), num(0, small)), [
      w.call('down', [{ mode: 'in', value: binary('-', local('n', small), num(1, small), small) }]),
    ]),
  ],
  { params: [{ name: 'n', type: small, mode: 'in' }] },
);

interface Held {
  readonly lock: LockName;
  readonly mode: Mode;
}

class Lowering {
  readonly #w: Writer;
  /** Locks that are certainly held here by enclosing statements, innermost last; and those that may be. */
  #held: readonly Held[] = [];
  #maybe: readonly LockName[] = [];
  #depth = 0;

  constructor(w: Writer) {
    this.#w = w;
  }

  /** A whole procedure: the local row is row 0 until it is computed, so that most programs do not fault. */
  body(ops: Recipe): Stmt[] {
    return [this.#w.assign('c', rowOf('cells', 0)), ...this.recipe(ops)];
  }

  recipe(ops: Recipe): Stmt[] {
    return ops.flatMap((op) => this.#op(op));
  }

  #op(op: Op): Stmt[] {
    const w = this.#w;
    switch (op.op) {
      case 'store': {
        const stored = w.store(this.#place(op.place), this.#value(op.place, op.value));
        if (!op.ghost) return [stored];
        const log = place('vm', 'log');
        return [stored, w.ghost([w.load('l', log), w.store(log, binary('+', local('l'), num(1)))])];
      }
      case 'load':
        return this.#loadInto(op.dst, this.#place(op.place), op.place.field === 'y');
      case 'atomic':
        return this.#atomic(op);
      case 'count':
        return [w.load('t', place('vm', 'count')), w.store(place('vm', 'count'), binary('+', local('t', small), num(1)))];
      case 'preempt':
        return [w.preempt()];
      case 'mark':
        return [w.mark('here')];
      case 'row':
        return [w.assign('c', { op: 'rowAt', type: cell, a: binary('&', local('t', small), num(1, small), small) })];
      case 'recurse':
        return [w.call('down', [{ mode: 'in', value: num(2, small) }])];
      case 'yield': {
        const inner = this.#held.at(-1);
        return inner === undefined
          ? [w.preempt()]
          : [w.release(lockPlace(inner.lock), modeOf(inner)), w.acquire(lockPlace(inner.lock), modeOf(inner))];
      }
      case 'contended':
        return [w.query('b', lockPlace(op.lock), 'contended')];
      case 'choose':
        return [w.choose(op.dst, op.count, `choose${op.count}`)];
      case 'assume':
        return [w.assume(condition(op.cond))];
      case 'assert':
        return [w.assert(condition(op.cond), op.property, op.severity)];
      case 'wait':
        return this.#wait(op);
      case 'object':
        return this.#object(op.what);
      case 'list':
        return this.#list(op);
      case 'call':
        return [
          w.call(
            `helper${op.helper}`,
            [
              { mode: 'in', value: op.row === 'param' ? local('who', cell) : rowOf('cells', op.row) },
              { mode: 'inout', local: 'u' },
            ],
            't',
          ),
        ];
      default:
        return this.#nested(op);
    }
  }

  #nested(op: Extract<Op, { op: 'locked' | 'tryLocked' | 'condLocked' | 'grabbed' | 'if' | 'twice' | 'maybeAgain' }>): Stmt[] {
    const w = this.#w;
    switch (op.op) {
      case 'if':
        return [w.if(condition(op.cond), this.recipe(op.then), this.recipe(op.else))];
      case 'twice': {
        const k = `k${this.#depth}`;
        const body = this.#deeper(() => this.recipe(op.body));
        return [
          w.assign(k, num(0)),
          w.loop(
            `l${k}`,
            [w.if(binary('==', local(k), num(2)), [w.leave(`l${k}`)]), ...body, w.assign(k, binary('+', local(k), num(1)))],
            true,
          ),
        ];
      }
      case 'maybeAgain': {
        const label = `again${this.#depth}`;
        const body = this.#deeper(() => this.recipe(op.body));
        return [
          w.loop(label, [...body, w.choose('t', 2, 'again'), w.if(binary('==', local('t', small), num(0, small)), [w.leave(label)])]),
        ];
      }
      case 'grabbed':
        return this.#grabbed(op.body);
      default:
        return this.#locked(op);
    }
  }

  #locked(op: Extract<Op, { op: 'locked' | 'tryLocked' | 'condLocked' }>): Stmt[] {
    const w = this.#w;
    const held: Held = { lock: op.lock, mode: isMutex(op.lock) ? 'exclusive' : op.mode };
    if (this.#overlaps(op.lock)) return this.recipe(op.body);
    const lock = lockPlace(op.lock);
    const mode = modeOf(held);
    if (op.op === 'locked') return [w.acquire(lock, mode), ...this.#holding(held, op.body), w.release(lock, mode)];
    const g = `g${this.#depth}`;
    if (op.op === 'tryLocked') {
      const body = this.#deeper(() => this.#holding(held, op.body));
      return [w.tryAcquire(g, lock, mode), w.if(local(g, bool), [...body, w.release(lock, mode)])];
    }
    const body = this.#deeper(() => this.#perhaps(op.lock, op.body));
    return [
      w.assign(g, binary('!=', local('t', small), num(0, small))),
      w.if(local(g, bool), [w.acquire(lock, mode)]),
      ...body,
      w.if(local(g, bool), [w.release(lock, mode)]),
    ];
  }

  #grabbed(ops: Recipe): Stmt[] {
    const w = this.#w;
    if (this.#overlaps('mutexB')) return this.recipe(ops);
    const g = `g${this.#depth}`;
    const body = this.#deeper(() => this.#perhaps('mutexB', ops));
    return [w.call('grab', [], g), ...body, w.if(local(g, bool), [w.release(place('vm', 'mutexB'))])];
  }

  #deeper<T>(run: () => T): T {
    this.#depth++;
    const result = run();
    this.#depth--;
    return result;
  }
  #holding(held: Held, ops: Recipe): Stmt[] {
    const before = this.#held;
    this.#held = [...before, held];
    const body = this.recipe(ops);
    this.#held = before;
    return body;
  }
  #perhaps(lock: LockName, ops: Recipe): Stmt[] {
    const before = this.#maybe;
    this.#maybe = [...before, lock];
    const body = this.recipe(ops);
    this.#maybe = before;
    return body;
  }
  /** Whether the lock is, or may be the same as one that is, held. */
  #overlaps(lock: LockName): boolean {
    const isRow = (name: LockName) => name.startsWith('row');
    return [...this.#held.map((one) => one.lock), ...this.#maybe].some(
      (other) => other === lock || (isRow(other) && isRow(lock) && [other, lock].includes('rowParam')),
    );
  }

  #place(at: CellPlace): Place {
    const index = at.field !== 'slots' ? null : at.index === 'local' ? binary('&', local('u', small), num(1, small), small) : num(at.index);
    return place('cells', at.field, row(at.row), index);
  }
  #value(at: CellPlace, operand: Operand): Expr {
    const value = operandOf(operand);
    return at.field === 'y' ? { op: 'cast', type: bool, a: value } : value;
  }
  #loadInto(dst: string, from: Place, isBool: boolean): Stmt[] {
    const w = this.#w;
    if (!isBool) return [w.load(dst, from)];
    return [w.load('b', from), w.assign(dst, { op: 'cast', type: small, a: local('b', bool) })];
  }

  #atomic(op: Extract<Op, { op: 'atomic' }>): Stmt[] {
    const w = this.#w;
    const at = this.#place(op.place);
    const isBool = op.place.field === 'y';
    const [a, b] = [this.#value(op.place, op.a), this.#value(op.place, op.b)];
    if (isBool) return [w.atomic('exchange', at, [a], 'b')];
    if (op.operator === 'compareExchange') return [w.atomic('compareExchange', at, [a, b], 't', 'b')];
    return [w.atomic(op.operator, at, [a], 'u')];
  }

  #wait(op: Extract<Op, { op: 'wait' }>): Stmt[] {
    const w = this.#w;
    const type = op.place.field === 'y' ? bool : u32;
    const loaded = op.place.field === 'y' ? 'b' : 'l';
    return [w.wait([w.load(loaded, this.#place(op.place))], binary('==', local(loaded, type), num(op.value, type)), op.idle)];
  }

  #object(what: Extract<Op, { op: 'object' }>['what']): Stmt[] {
    const w = this.#w;
    const ifThere = (body: Stmt[]) => [w.if(binary('!=', r, num(0, object)), body)];
    switch (what) {
      case 'alloc':
        return [w.alloc('r', 'objects'), w.store(place('objects', 'v', r), num(1))];
      case 'create':
        return [w.alloc('r', 'objects'), w.store(place('objects', 'v', r), num(1)), w.list('add', list, r, null, true), w.store(head, r)];
      case 'destroy':
        return [w.load('r', head), ...ifThere([w.free(r), w.assign('r', num(0, object))])];
      case 'hold':
        return [w.load('r', head), w.preempt(), ...ifThere([w.load('t', place('objects', 'v', r))])];
      case 'publish':
        return [w.store(head, r)];
      case 'take':
        return [w.load('r', head)];
      case 'clear':
        return [w.store(head, num(0, object))];
      case 'use':
        return ifThere([w.store(place('objects', 'v', r), local('t', small))]);
      case 'read':
        return ifThere([w.load('t', place('objects', 'v', r))]);
      case 'link':
        return ifThere([w.load('q', head), w.store(place('objects', 'next', r), local('q', object))]);
      case 'free':
        return ifThere([w.free(r), w.assign('r', num(0, object))]);
    }
  }

  #list(op: Extract<Op, { op: 'list' }>): Stmt[] {
    const w = this.#w;
    const ifThere = (body: Stmt[]) => [
      w.if(binary('==', r, num(0, object)), [w.load('r', head)]),
      w.if(binary('!=', r, num(0, object)), body),
    ];
    switch (op.what) {
      case 'first':
        return [w.list('first', list, null, 'r')];
      case 'length':
        return [w.list('length', list, null, 't')];
      case 'contains':
        return ifThere([w.list('contains', list, r, 'b')]);
      default: {
        const adds = op.what === 'add' || op.what === 'addTail';
        const act = w.list(op.what, list, r, op.what === 'next' ? 'q' : null, adds);
        if (!op.guarded) return ifThere([act]);
        const on = local('b', bool);
        return ifThere([w.list('contains', list, r, 'b'), w.if(adds ? not(on) : on, [act])]);
      }
    }
  }
}

function operandOf(operand: Operand): Expr {
  if (typeof operand === 'number') return num(operand, small);
  return operand === 't+1' ? binary('+', local('t', small), num(1, small), small) : local(operand, small);
}
function condition({ local: name, operator, value }: Condition): Expr {
  if (name === 'b') return operator === '==' ? not(local('b', bool)) : local('b', bool);
  return binary(operator, local(name, small), num(value, small));
}
function row(choice: RowChoice): Expr {
  if (choice === 'param') return local('who', cell);
  if (choice === 'local') return local('c', cell);
  return rowOf('cells', choice);
}
function isMutex(lock: LockName): boolean {
  return lock !== 'rw' && lock !== 'rwPlain';
}
function lockPlace(lock: LockName): Place {
  if (lock === 'row0') return place('cells', 'lock', rowOf('cells', 0));
  if (lock === 'row1') return place('cells', 'lock', rowOf('cells', 1));
  if (lock === 'rowParam') return place('cells', 'lock', local('who', cell));
  return place('vm', lock);
}
function modeOf({ mode }: Held): LockMode {
  return mode;
}
