import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretProgram } from '../interpret/interpret.ts';
import type { Expr, FieldType, ListOperator, MachineDescription, Place, PointerType, RefType, ScalarType, Stmt } from '../ir/types.ts';
import { buildProgram } from '../program/build.ts';
import { binary, bool, local, num, place, rowOf, strong, type Writer, wrapping } from '../random/irWords.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import { compareSystems, generating, type Seen } from './agreement.ts';

const object = strong('objects');
const root: RefType = { ...object, specials: 2 };
const tag: RefType = { ...object, strong: false };
const pointer: PointerType = { kind: 'pointer', table: 'objects', field: 'slots' };
const digit = wrapping(3);
const field = (path: string, type: FieldType, length = 0) => ({ path, length, type, ghost: false });
const machine: MachineDescription = {
  tables: [
    {
      name: 'vm',
      rows: 1,
      singleton: true,
      dynamic: false,
      fields: [
        field('head', object),
        field('root', root),
        field('tag', tag),
        field('pointer', pointer),
        field('list', { kind: 'list', element: object, capacity: 3 }),
        field('pointers', { kind: 'list', element: pointer, capacity: 2 }),
        field('refs', object, 3),
      ],
    },
    {
      name: 'objects',
      rows: 3,
      singleton: false,
      dynamic: true,
      fields: [
        field('next', object),
        field('slots', digit, 2),
        field('lock', { kind: 'lock', flavour: 'mutex', writerPreference: false }),
        field('list', { kind: 'list', element: object, capacity: 2 }),
      ],
    },
  ],
};
const locals: Record<string, ScalarType> = { r: object, q: object, s: root, g: tag, p: pointer, n: digit, b: bool };
const r = local('r', object);
const q = local('q', object);
const n = local('n', digit);
const p = local('p', pointer);
const at: Place = { kind: 'pointer', table: 'objects', field: 'slots', pointer: p };

const listOps: readonly ListOperator[] = ['add', 'addTail', 'remove', 'contains', 'length', 'isEmpty', 'first', 'last', 'next', 'previous'];
/** One statement about rows, references, lists; none of them is guarded, so that every fault comes up. */
const statements: readonly ((w: Writer) => readonly Stmt[])[] = [
  (w) => [w.alloc('r', 'objects')],
  (w) => [w.alloc('r', 'objects')],
  (w) => [w.alloc('q', 'objects')],
  (w) => [w.free(r)],
  (w) => [w.free(q)],
  (w) => [w.store(place('vm', 'head'), r)],
  (w) => [w.load('q', place('vm', 'head'))],
  (w) => [w.store(place('vm', 'root'), { op: 'refCast', type: root, a: r })],
  (w) => [w.store(place('vm', 'root'), { op: 'special', type: root, a: n })],
  (w) => [w.load('s', place('vm', 'root')), w.assign('r', { op: 'refCast', type: object, a: local('s', root) })],
  (w) => [w.assign('g', { op: 'refCast', type: tag, a: q }), w.store(place('vm', 'tag'), local('g', tag))],
  (w) => [w.assign('p', { op: 'pointerTo', type: pointer, row: r, index: n })],
  (w) => [w.store(place('vm', 'pointer'), p)],
  (w) => [w.load('p', place('vm', 'pointer'))],
  (w) => [w.store(at, n)],
  (w) => [w.load('n', at)],
  (w) => [w.assign('q', { op: 'pointerRow', type: object, a: p }), w.assign('n', { op: 'pointerIndex', type: digit, a: p })],
  (w) => [w.store(place('objects', 'next', r), q)],
  (w) => [w.load('r', place('objects', 'next', q))],
  (w) => [w.store(place('objects', 'slots', q, n), num(2, digit))],
  (w) => [w.store(place('vm', 'refs', null, n), r)],
  (w) => [w.load('q', place('vm', 'refs', null, n))],
  (w) => [w.stmt({ kind: 'rowQuery', ref: q, dst: 'b' }), w.assign('n', { op: 'cast', type: digit, a: local('b', bool) })],
  (w) => [w.assign('b', { op: 'isDangling', type: bool, a: r }), w.if(local('b', bool), [w.assign('n', num(1, digit))])],
  (w) => [w.assign('n', { op: 'indexOf', type: digit, a: r })],
  (w) => [w.assign('q', { op: 'rowAt', type: object, a: n })],
  (w) => [w.assign('b', binary('==', r, q)), w.if(local('b', bool), [w.assign('n', num(2, digit))])],
  (w) => [w.acquire(place('objects', 'lock', r)), w.release(place('objects', 'lock', r))],
  (w) => [w.acquire(place('objects', 'lock', q)), w.preempt(), w.release(place('objects', 'lock', q))],
  (w) => [w.tryAcquire('b', place('objects', 'lock', rowOf('objects', 0)))],
  (w) => [w.stmt({ kind: 'call', callee: 'renew', args: [{ mode: 'inout', local: 'r' }], dst: 'q' })],
  (w) => [
    w.stmt({
      kind: 'call',
      callee: 'slowly',
      args: [
        { mode: 'in', value: q },
        { mode: 'inout', local: 'n' },
      ],
      dst: 'r',
    }),
  ],
  (w) => [w.assign('n', binary('+', n, num(1, digit), digit))],
  (w) => [w.choose('n', 3)],
  (w) => [w.preempt()],
  ...listOps.flatMap((operator) => [
    (w: Writer) => [listStatement(w, operator, place('vm', 'list'), r)],
    (w: Writer) => [listStatement(w, operator, place('objects', 'list', r), q)],
    (w: Writer) => [listStatement(w, operator, place('vm', 'pointers'), p)],
  ]),
];
function listStatement(w: Writer, operator: ListOperator, list: Place, element: Expr): Stmt {
  const takes = ['add', 'addTail', 'remove', 'contains', 'next', 'previous'].includes(operator);
  const results: Partial<Record<ListOperator, string>> = { contains: 'b', isEmpty: 'b', length: 'n' };
  const gives = ['first', 'last', 'next', 'previous'].includes(operator) ? (element === p ? 'p' : 'q') : (results[operator] ?? null);
  return w.list(operator, list, takes ? element : null, gives, operator === 'add' && list.table === 'objects');
}

/** Frees and allocates inside a call: the caller's references dangle, what is given back does not. */
const renew = procedure(
  'renew',
  (w) => [w.assign('old', local('x', object)), w.free(local('x', object)), w.alloc('x', 'objects'), w.return(local('old', object))],
  { params: [{ name: 'x', type: object, mode: 'inout' }], locals: { old: object }, result: object },
);
/** The same with a preemption point, so that frames are in the state. */
const slowly = procedure(
  'slowly',
  (w) => [
    w.store(place('objects', 'slots', local('x', object), num(0)), local('m', digit)),
    w.preempt(),
    w.load('y', place('vm', 'head')),
    w.preempt(),
    w.assign('m', binary('+', local('m', digit), num(1, digit), digit)),
    w.return(local('y', object)),
  ],
  {
    params: [
      { name: 'x', type: object, mode: 'in' },
      { name: 'm', type: digit, mode: 'inout' },
    ],
    locals: { y: object },
    result: object,
  },
);

/** Most programs begin with something to refer to. */
const starts: readonly ((w: Writer) => readonly Stmt[])[] = [
  () => [],
  (w) => [w.alloc('r', 'objects'), w.store(place('vm', 'head'), r), w.assign('q', r)],
  (w) => [w.alloc('r', 'objects'), w.alloc('q', 'objects'), w.assign('n', num(3, digit)), w.list('add', place('vm', 'list'), r)],
  (w) => [w.alloc('r', 'objects'), w.assign('p', { op: 'pointerTo', type: pointer, row: r, index: n }), w.store(place('vm', 'pointer'), p)],
  (w) => [w.alloc('q', 'objects'), w.assign('r', q), w.list('add', place('vm', 'list'), r), w.choose('n', 3)],
  (w) => [w.alloc('r', 'objects'), w.assign('q', r), w.store(place('vm', 'head'), r), w.preempt(), w.free(r)],
];

interface Body {
  readonly start: number;
  readonly picks: readonly number[];
}
function compare(emit: (typeof generating)[number][1], bodies: readonly Body[], merge: boolean, cut: boolean): Seen {
  const run = ({ start, picks }: Body, k: number) => ({
    run: procedure(`run${k}`, (w) => [...(starts[start]?.(w) ?? []), ...picks.flatMap((pick) => statements[pick]?.(w) ?? [])], { locals }),
  });
  const description = { ...toySystem({ processes: bodies.map(run), procedures: [renew, slowly] }), machine };
  const built = buildProgram(description, { merge });
  const oracle = interpretProgram(built.description, built.program, built.layout);
  const generated = emit(built.description, built.program, built.layout, cut ? { bodyMax: 150 } : {});
  return compareSystems(oracle, generated, 3000);
}

describe.each(generating)('rows, references, pointers, lists in %s', (_, emit) => {
  it('are what the interpreter makes of them, in random programs without guards', () => {
    const faults = new Set<string>();
    const pick = fc.nat(statements.length - 1);
    const body = fc.record({ start: fc.nat(starts.length - 1), picks: fc.array(pick, { maxLength: 8 }) });
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 2 }), fc.boolean(), fc.boolean(), (bodies, merge, cut) => {
        for (const fault of compare(emit, bodies, merge, cut).faults) faults.add(fault.split(' ')[0] ?? '');
      }),
      { seed: Number(process.env['SEED'] ?? 31), numRuns: Number(process.env['RUNS'] ?? 160) },
    );
    expect([...faults].sort()).toEqual([
      'badIndex',
      'bound',
      'doubleFree',
      'listCorruption',
      'nullDereference',
      'selfDeadlock',
      'useAfterFree',
    ]);
  });
});
