import { describe, expect, it } from 'vitest';
import { parseText, testConstants, testMachine } from '../subset/machineForTests.ts';
import { type Expr, intTypes, type Procedure, type Stmt } from './types.ts';
import { assertValid, validateProcedures } from './validate.ts';
import { mapExpr, mapExprs, mapStmts } from './walk.ts';

const procedures = parseText(`
export function f(p: Ref<'pages'>, n: Out<u32>): u32 {
  const other: Ref<'mmus'> = rowAt(mmus, 0);
  let x: u32 = 1;
  out: while (true) {
    if (pages[p].spt[x] === 0) break out;
    g(n, x);
    continue out;
  }
  acquireShared(vm.mmu_lock);
  vm.used = x;
  listAdd(lists[rowAt(lists, 0)].entries, p);
  const old = compareExchange(pages[p].spt[0], x, 2);
  wait(vm.used === 0);
  const sp = alloc(pages);
  free(sp);
  x = choose('which', 3);
  return KVM_MMU_NUM_PREV_ROOTS + old;
}
export function g(n: Out<u32>, i: u32): void { n.value = i; }
`);
const f = procedures.get('f');
if (f === undefined) throw new Error('f was parsed');
const problemsOf = (changed: Procedure): string[] =>
  validateProcedures(new Map([...procedures, ['f', changed]]), testMachine, testConstants).map((problem) => problem.message);
/** Problems after every statement of a kind was changed. */
function broken<K extends Stmt['kind']>(kind: K, change: (stmt: Extract<Stmt, { kind: K }>) => Stmt): string[] {
  const matches = (stmt: Stmt): stmt is Extract<Stmt, { kind: K }> => stmt.kind === kind;
  return problemsOf({ ...(f as Procedure), body: mapStmts((f as Procedure).body, (stmt) => [matches(stmt) ? change(stmt) : stmt]) });
}
function brokenExpr(change: (expr: Expr) => Expr): string[] {
  return problemsOf({
    ...(f as Procedure),
    body: mapStmts((f as Procedure).body, (stmt) => [mapExprs(stmt, (expr) => mapExpr(expr, change))]),
  });
}
const aBool: Expr = { op: 'const', type: { kind: 'bool' }, value: 1 };
const aNumber: Expr = { op: 'const', type: intTypes.u32, value: 1 };

describe('validation', () => {
  it('finds nothing wrong with what the front end makes', () => {
    expect(problemsOf(f)).toEqual([]);
    expect(() => assertValid(procedures, testMachine)).not.toThrow();
  });

  const cases: readonly (readonly [string, () => string[], RegExp])[] = [
    ['ids', () => broken('store', (stmt) => ({ ...stmt, id: '' })), /without id/],
    ['equal ids', () => problemsOf({ ...f, body: [...f.body, ...f.body] }), /another statement has/],
    ['locals', () => problemsOf({ ...f, locals: [] }), /the local x is not declared/],
    ['locals declared twice', () => problemsOf({ ...f, locals: [...f.locals, ...f.locals] }), /x is declared twice/],
    [
      'types of locals',
      () => brokenExpr((expr) => (expr.op === 'local' && expr.local === 'x' ? { ...expr, type: intTypes.s8 } : expr)),
      /x has another type/,
    ],
    [
      'constants',
      () => brokenExpr((expr) => (expr.op === 'const' && expr.name !== undefined ? { ...expr, value: 7 } : expr)),
      /is 2, not 7/,
    ],
    [
      'ranges of constants',
      () => brokenExpr((expr) => (expr.op === 'const' && expr.type.kind === 'int' ? { ...expr, value: 2 ** 40 } : expr)),
      /outside its type/,
    ],
    [
      'operands',
      () => brokenExpr((expr) => (expr.op === 'binary' ? { ...expr, a: aBool } : expr)),
      /compares values of one type|takes and gives integers/,
    ],
    [
      'tables of rowAt',
      () => brokenExpr((expr) => (expr.op === 'rowAt' ? { ...expr, type: { ...expr.type, table: 'none' } } : expr)),
      /there is no table none/,
    ],
    ['conditions', () => broken('if', (stmt) => ({ ...stmt, cond: aNumber })), /if is int, not bool/],
    ['waits', () => broken('wait', (stmt) => ({ ...stmt, cond: aNumber })), /wait is int, not bool/],
    [
      'waits that write',
      () =>
        broken('wait', (stmt) => ({
          ...stmt,
          body: f.body.filter((inner) => inner.kind === 'store').map((inner) => ({ ...inner, id: 'w' })),
        })),
      /waitActs/,
    ],
    ['labels', () => broken('loop', (stmt) => ({ ...stmt, label: 'elsewhere' })), /leave out, which is not around it/],
    ['continue', () => broken('loop', (stmt) => ({ ...stmt, kind: 'block' })), /continue out, which is no loop/],
    ['fields', () => broken('store', (stmt) => ({ ...stmt, place: { ...stmt.place, field: 'none' } })), /there is no vm\.none/],
    [
      'rows',
      () => broken('load', (stmt) => ({ ...stmt, place: { kind: 'field', table: 'pages', field: 'root_count', row: null, index: null } })),
      /needs a row/,
    ],
    [
      'indices',
      () => broken('load', (stmt) => (stmt.place.kind === 'field' ? { ...stmt, place: { ...stmt.place, index: aNumber } } : stmt)),
      /takes no index/,
    ],
    ['stores', () => broken('store', (stmt) => ({ ...stmt, value: aBool })), /store: bool into int/],
    ['callees', () => broken('call', (stmt) => ({ ...stmt, callee: 'none' })), /there is no procedure none/],
    ['arguments', () => broken('call', (stmt) => ({ ...stmt, args: stmt.args.slice(1) })), /takes 2 arguments, not 1/],
    [
      'modes of arguments',
      () => broken('call', (stmt) => ({ ...stmt, args: [...stmt.args].reverse() })),
      /argument n\.value of g is inout/,
    ],
    ['results', () => broken('call', (stmt) => ({ ...stmt, dst: 'x' })), /g returns nothing/],
    ['returns', () => broken('return', (stmt) => ({ ...stmt, value: null })), /a return without a value/],
    ['locks', () => broken('acquire', (stmt) => ({ ...stmt, lock: { ...stmt.lock, field: 'slots_lock' } })), /a mutex has no shared mode/],
    ['lists', () => broken('list', (stmt) => ({ ...stmt, element: null })), /add takes an element/],
    ['atomics', () => broken('atomic', (stmt) => ({ ...stmt, operands: [] })), /compareExchange takes 2 operands/],
    ['alloc', () => broken('alloc', (stmt) => ({ ...stmt, table: 'mmus' })), /mmus is no dynamic table/],
    [
      'free',
      () =>
        broken('free', (stmt) => ({
          ...stmt,
          ref: { op: 'local', type: { kind: 'ref', table: 'mmus', strong: true, specials: 0 }, local: 'other' },
        })),
      /mmus is no dynamic table/,
    ],
    ['choose', () => broken('choose', (stmt) => ({ ...stmt, count: 0 })), /does not hold/],
    ['ghost fields', () => broken('store', (stmt) => ({ ...stmt, place: { ...stmt.place, field: 'zapCount' } })), /kernelWritesGhost/],
  ];
  it.each(cases)('finds wrong %s', (_what, problems, message) => {
    expect(problems().join('\n')).toMatch(message);
  });
});
