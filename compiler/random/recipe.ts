/**
 * Random concurrent programs as plain data: what fast-check generates and shrinks. `lower.ts` makes IR of it.
 *
 * In: fast-check. Out: arbitraries. Never: IR.
 */
import fc from 'fast-check';

/** Row of `cells`: a constant, the process's parameter, or a local reference that is computed. */
export type RowChoice = 0 | 1 | 'param' | 'local';
export interface CellPlace {
  readonly field: 'x' | 'y' | 'slots';
  readonly row: RowChoice;
  /** For `slots`. */
  readonly index: 0 | 1 | 'local';
}
export type Operand = 0 | 1 | 2 | 3 | 't' | 'u' | 't+1';
export interface Condition {
  readonly local: 't' | 'u' | 'b';
  readonly operator: '==' | '!=' | '<';
  readonly value: 0 | 1 | 2;
}
export type LockName = 'mutexA' | 'mutexB' | 'rw' | 'rwPlain' | 'row0' | 'row1' | 'rowParam';
export type Mode = 'exclusive' | 'shared';
export type Recipe = readonly Op[];

export type Op =
  | { readonly op: 'store'; readonly place: CellPlace; readonly value: Operand; readonly ghost: boolean }
  | { readonly op: 'load'; readonly dst: 't' | 'u'; readonly place: CellPlace }
  | {
      readonly op: 'atomic';
      readonly operator: 'fetchAdd' | 'fetchAnd' | 'fetchOr' | 'exchange' | 'compareExchange';
      readonly place: CellPlace;
      readonly a: Operand;
      readonly b: Operand;
    }
  | { readonly op: 'count' | 'yield' | 'preempt' | 'mark' | 'row' | 'recurse' }
  | { readonly op: 'locked' | 'tryLocked' | 'condLocked'; readonly lock: LockName; readonly mode: Mode; readonly body: Recipe }
  /** The lock is taken, or not, by a procedure that says which. */
  | { readonly op: 'grabbed'; readonly body: Recipe }
  | { readonly op: 'contended'; readonly lock: LockName }
  | { readonly op: 'choose'; readonly dst: 't' | 'u'; readonly count: 2 | 3 }
  | { readonly op: 'assume'; readonly cond: Condition }
  | { readonly op: 'if'; readonly cond: Condition; readonly then: Recipe; readonly else: Recipe }
  | { readonly op: 'wait'; readonly place: CellPlace; readonly value: 0 | 1; readonly idle: boolean }
  | { readonly op: 'assert'; readonly cond: Condition; readonly property: 'A0' | 'A1'; readonly severity: 'warn' | 'bug' }
  | {
      readonly op: 'object';
      readonly what: 'create' | 'hold' | 'destroy' | 'alloc' | 'publish' | 'take' | 'use' | 'read' | 'free' | 'link' | 'clear';
    }
  | {
      readonly op: 'list';
      readonly what: 'add' | 'addTail' | 'remove' | 'contains' | 'first' | 'length' | 'next';
      readonly guarded: boolean;
    }
  | { readonly op: 'call'; readonly helper: 0 | 1; readonly row: 0 | 1 | 'param' }
  | { readonly op: 'twice' | 'maybeAgain'; readonly body: Recipe };

export interface ProcessRecipe {
  readonly body: Recipe;
  /** Constant row of `cells` given as the parameter. */
  readonly row: 0 | 1;
  readonly daemon: boolean;
}
export interface SystemRecipe {
  readonly processes: readonly ProcessRecipe[];
  /** Bodies of the two helper procedures: no locks that block, no calls. */
  readonly helpers: readonly [Recipe, Recipe];
  /** Which of the properties of `properties.ts` the system has. */
  readonly properties: readonly number[];
  /** Prologue: an object is allocated and published. */
  readonly published: boolean;
}

const place: fc.Arbitrary<CellPlace> = fc.record({
  field: fc.constantFrom('x', 'x', 'y', 'slots'),
  row: fc.constantFrom<RowChoice>(0, 0, 1, 'param', 'local'),
  index: fc.constantFrom<CellPlace['index']>(0, 1, 'local'),
});
const operand = fc.constantFrom<Operand>(0, 1, 2, 3, 't', 'u', 't+1');
const condition: fc.Arbitrary<Condition> = fc.record({
  local: fc.constantFrom('t', 'u', 'b'),
  operator: fc.constantFrom('==', '!=', '<'),
  value: fc.constantFrom(0, 1, 2),
});
const lock = fc.constantFrom<LockName>('mutexA', 'mutexA', 'mutexB', 'rw', 'rw', 'rw', 'rwPlain', 'row0', 'rowParam');
const mode = fc.constantFrom<Mode>('exclusive', 'shared');

/** Statements that contain no others and never block. */
const plain: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('store'), place, value: operand, ghost: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('load'), dst: fc.constantFrom('t', 'u'), place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('atomic'),
      operator: fc.constantFrom('fetchAdd', 'fetchAnd', 'fetchOr', 'exchange', 'compareExchange'),
      place,
      a: operand,
      b: operand,
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('count', 'preempt', 'mark', 'row') }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('choose'), dst: fc.constantFrom('t', 'u'), count: fc.constantFrom(2, 3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('assert'),
      cond: condition,
      property: fc.constantFrom('A0', 'A1'),
      severity: fc.constantFrom('warn', 'warn', 'warn', 'bug'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('object'),
      what: fc.constantFrom(
        'create',
        'create',
        'destroy',
        'destroy',
        'hold',
        'hold',
        'alloc',
        'publish',
        'take',
        'use',
        'read',
        'free',
        'link',
        'clear',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('list'),
      what: fc.constantFrom('add', 'addTail', 'addTail', 'remove', 'contains', 'first', 'length', 'next', 'next'),
      guarded: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('contended'), lock }) },
);
/** Statements of processes that contain no others. */
const simple: fc.Arbitrary<Op> = fc.oneof(
  { weight: 12, arbitrary: plain },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('yield', 'yield', 'recurse') }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('assume'), cond: condition }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('wait'), place, value: fc.constantFrom(0, 1), idle: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('call'), helper: fc.constantFrom(0, 1), row: fc.constantFrom<0 | 1 | 'param'>(0, 1, 'param') }),
  },
);

function nested(body: fc.Arbitrary<Recipe>): fc.Arbitrary<Op> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ op: fc.constant('locked'), lock, mode, body }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('tryLocked', 'tryLocked', 'condLocked'), lock, mode, body }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('grabbed'), body }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('if'), cond: condition, then: body, else: body }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('twice', 'maybeAgain'), body }) },
  );
}
function recipe(statements: fc.Arbitrary<Op>, maxLength: number): fc.Arbitrary<Recipe> {
  return fc.array(statements, { minLength: 1, maxLength });
}
const innermost = recipe(simple, 3);
const middle = recipe(fc.oneof({ weight: 3, arbitrary: simple }, { weight: 2, arbitrary: nested(innermost) }), 3);
const outermost = recipe(fc.oneof({ weight: 2, arbitrary: simple }, { weight: 3, arbitrary: nested(middle) }), 3);
const short = recipe(fc.oneof({ weight: 1, arbitrary: simple }, { weight: 2, arbitrary: nested(innermost) }), 2);

function processRecipe(body: fc.Arbitrary<Recipe>): fc.Arbitrary<ProcessRecipe> {
  return fc.record({ body, row: fc.constantFrom(0, 1), daemon: fc.constantFrom(false, false, false, true) });
}

/** `propertyCount`: how many properties there are to draw from. */
export function systemRecipes(propertyCount: number): fc.Arbitrary<SystemRecipe> {
  const helper = recipe(plain, 2);
  const first = processRecipe(outermost).map((process): ProcessRecipe => ({ ...process, daemon: false }));
  return fc.record({
    processes: fc.oneof(
      { weight: 3, arbitrary: fc.tuple(first, processRecipe(outermost)) },
      { weight: 1, arbitrary: fc.tuple(first, processRecipe(short), processRecipe(short)) },
    ),
    helpers: fc.tuple(helper, helper),
    properties: fc.subarray(Array.from({ length: propertyCount }, (_, k) => k)),
    published: fc.boolean(),
  });
}
