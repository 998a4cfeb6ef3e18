import { describe, expect, it } from 'vitest';
import { decodeMachine } from '../machine/packing.ts';
import { buildProgram } from '../program/build.ts';
import { binary, bool, local, num, place, rowOf, strong, u32 } from '../random/irWords.ts';
import { explore } from '../random/search.ts';
import { procedure, type ToyParts, toySystem } from '../random/toySystem.ts';
import type { CompileOptions } from '../system.ts';
import { interpretProgram, type TracingSystem } from './interpret.ts';

function interpreted(parts: ToyParts, options: CompileOptions = { merge: false }): TracingSystem {
  const { description, program, layout } = buildProgram(toySystem(parts), options);
  return interpretProgram(description, program, layout);
}
/** Puts the only initial state at word 0. */
function start(system: TracingSystem): void {
  const [state] = system.initialStates();
  if (state === undefined) throw new Error('no initial state');
  system.buffer.set(state, 0);
}
/** Takes a step of `process` and leaves the successor at word 0. */
function go(system: TracingSystem, label: number): number {
  const status = system.step(0, label, system.words);
  if (status === 0) system.buffer.copyWithin(0, system.words, 2 * system.words);
  return status;
}
function field(system: TracingSystem, table: string, name: string) {
  return decodeMachine(system.layout, system.buffer, 0).tables[table]?.[name];
}

const mutexA = place('vm', 'mutexA');
const rw = place('vm', 'rw');
const x0 = place('cells', 'x', rowOf('cells', 0));

describe('locks', () => {
  const writer = procedure('writer', (w) => [w.acquire(rw), w.store(x0, num(1)), w.release(rw)]);
  const reader = procedure('reader', (w) => [w.acquire(rw, 'shared'), w.load('t', x0), w.release(rw, 'shared')], { locals: { t: u32 } });

  it('lets a waiting writer announce itself, and keeps new readers out until it has been', () => {
    const system = interpreted({ processes: [{ run: reader }, { run: writer }, { run: reader }] });
    start(system);
    expect(go(system, 0)).toBe(0);
    expect(system.processStatus(0, 1)).toBe('runnable');
    expect(go(system, 1)).toBe(0);
    expect(field(system, 'vm', 'rw')).toEqual([{ writer: 0, readers: 1, waiting: 2 }]);
    expect([0, 1, 2].map((p) => system.processStatus(0, p))).toEqual(['runnable', 'blocked', 'blocked']);
    expect([0, 1, 2].map((p) => system.waitsFor(0, p))).toEqual([0, 1, 2]);
    expect(system.step(0, 1, system.words)).toBe(-1);
    expect(go(system, 0)).toBe(0);
    expect(go(system, 0)).toBe(0);
    expect(system.processStatus(0, 0)).toBe('done');
    expect(system.enabled(0)).toEqual([1]);
    expect(go(system, 1)).toBe(0);
    expect(field(system, 'vm', 'rw')).toEqual([{ writer: 2, readers: 0, waiting: 0 }]);
  });

  it('faults on taking a lock twice and on releasing what is not held', () => {
    const twice = interpreted({ processes: [{ run: procedure('twice', (w) => [w.acquire(mutexA), w.acquire(mutexA)]) }] });
    start(twice);
    expect(go(twice, 0)).toBe(0);
    expect(twice.faults[go(twice, 0) - 1]).toMatchObject({ kind: 'selfDeadlock', statement: 'twice:acquire:2' });
    const never = interpreted({ processes: [{ run: procedure('never', (w) => [w.release(mutexA)]) }] });
    start(never);
    expect(never.faults[go(never, 0) - 1]).toMatchObject({ kind: 'notHeld' });
  });

  it('finds the deadlock of two locks in two orders', () => {
    const mutexB = place('vm', 'mutexB');
    const ab = procedure('ab', (w) => [w.acquire(mutexA), w.acquire(mutexB), w.release(mutexB), w.release(mutexA)]);
    const ba = procedure('ba', (w) => [w.acquire(mutexB), w.acquire(mutexA), w.release(mutexA), w.release(mutexB)]);
    expect(explore(interpreted({ processes: [{ run: ab }, { run: ba }] }), 1000).deadlock).toBe(true);
    expect(explore(interpreted({ processes: [{ run: ab }, { run: ab }] }), 1000).deadlock).toBe(false);
  });
});

describe('choices', () => {
  const body = procedure(
    'body',
    (w) => [
      w.choose('a', 2),
      w.choose('b', 3),
      w.assume(binary('!=', local('b'), num(1))),
      w.store(x0, binary('+', local('a'), local('b'))),
    ],
    { locals: { a: u32, b: u32 } },
  );

  it('writes them as digits of the label, the first one least, and drops those that assume forbids', () => {
    const system = interpreted({ processes: [{ run: body }] }, { merge: true });
    start(system);
    const codes = system.enabled(0).map((label) => label >>> 8);
    expect(codes.toSorted((a, b) => a - b)).toEqual([0, 1, 4, 5]);
    expect(system.step(0, 2 << 8, system.words)).toBe(-1);
    expect(system.step(0, 6 << 8, system.words)).toBe(-1);
    expect(go(system, 5 << 8)).toBe(0);
    expect(field(system, 'cells', 'x')).toEqual([3, 0]);
  });
});

describe('rows', () => {
  const head = place('vm', 'head');
  const r = local('r', strong('objects'));
  const locals = { r: strong('objects'), s: strong('objects'), t: u32, d: bool };

  it('makes references in fields, lists and locals of other processes dangle, and lets the row be used again', () => {
    const owner = procedure(
      'owner',
      (w) => [
        w.alloc('r', 'objects'),
        w.store(head, r),
        w.list('add', place('vm', 'list'), r),
        w.preempt(),
        w.free(r),
        w.alloc('s', 'objects'),
        w.assign('d', { op: 'isDangling', type: bool, a: r }),
        w.store(place('cells', 'y', rowOf('cells', 0)), local('d', bool)),
        w.store(place('objects', 'v', local('s', strong('objects'))), num(2)),
      ],
      { locals },
    );
    const other = procedure('other', (w) => [w.load('r', head), w.preempt(), w.load('t', place('objects', 'v', r))], { locals });
    const system = interpreted({ processes: [{ run: owner }, { run: other }] });
    start(system);
    while (JSON.stringify(field(system, 'vm', 'list')) === '[[]]') expect(go(system, 0)).toBe(0);
    expect(go(system, 1)).toBe(0);
    while (JSON.stringify(field(system, 'objects', 'v')) !== '[2,0]') expect(go(system, 0)).toBe(0);
    expect(field(system, 'vm', 'head')).toEqual([3]);
    expect(field(system, 'vm', 'list')).toEqual([[3]]);
    expect(field(system, 'cells', 'y')).toEqual([1, 0]);
    let status = go(system, 1);
    while (status === 0) status = go(system, 1);
    expect(system.faults[status - 1]).toMatchObject({ kind: 'useAfterFree', statement: 'other:load:3' });
  });

  it('ends the path at a bound when no row is free', () => {
    const greedy = procedure('greedy', (w) => [w.alloc('r', 'objects'), w.alloc('r', 'objects'), w.alloc('r', 'objects')], { locals });
    const { faults } = explore(interpreted({ processes: [{ run: greedy }] }), 100);
    expect([...faults]).toEqual(['bound at greedy:alloc:3']);
  });
});

describe('traceStep', () => {
  it('tells each statement with what it read and wrote, calls with their stack, monitors and choices', () => {
    const callee = procedure('callee', (w) => [w.load('t', x0), w.store(x0, binary('+', local('t'), local('n'))), w.return(local('t'))], {
      params: [{ name: 'n', type: u32, mode: 'in' }],
      locals: { t: u32 },
      result: u32,
    });
    const main = procedure(
      'main',
      (w) => [
        w.acquire(mutexA),
        w.choose('c', 3, 'which'),
        w.call('callee', [{ mode: 'in', value: local('c') }], 't'),
        w.assert(binary('==', local('t'), num(1)), 'A'),
        w.release(mutexA),
      ],
      { locals: { c: u32, t: u32 } },
    );
    const watch = procedure('watch', (w) => [w.return(binary('!=', local('after'), num(2)))], {
      params: ['row', 'before', 'after'].map((name) => ({ name, type: name === 'row' ? strong('cells') : u32, mode: 'in' as const })),
      result: bool,
    });
    const system = interpreted(
      {
        processes: [{ run: main }],
        procedures: [callee, watch],
        properties: [
          { kind: 'event', id: 'M', name: 'm', hooks: [{ event: { on: 'write', table: 'cells', field: 'x' }, procedure: 'watch' }] },
          { kind: 'assertion', id: 'A', name: 'a' },
        ],
      },
      { merge: true },
    );
    start(system);
    const events = system.traceStep(0, 2 << 8).filter(({ kind }) => kind !== 'goto');
    expect(events.filter(({ phase }) => phase === 'kernel').map(({ kind }) => kind)).toEqual([
      'acquire',
      'choose',
      'call',
      'load',
      'atomic',
      'return',
      'assert',
      'release',
      'return',
    ]);
    const write = events.find(({ kind }) => kind === 'atomic');
    expect(write?.writes).toMatchObject([{ place: { table: 'cells', field: 'x', row: 0, index: null }, before: 0, after: 2 }]);
    expect(write?.stack.map(({ procedure: name, position }) => `${name}:${position.line}`)).toEqual(['main:3', 'callee:2']);
    expect(events.find(({ kind, phase }) => kind === 'monitor' && phase === 'monitor')?.monitor).toMatchObject({
      property: 0,
      held: false,
      args: [1, 0, 2],
    });
    expect(events.find(({ kind }) => kind === 'choose')?.choice).toEqual({ label: 'which', value: 2, count: 3 });
    expect(events.find(({ kind }) => kind === 'assert')?.assertion).toMatchObject({ property: 1, held: false });
    expect(system.step(0, 2 << 8, system.words)).toBe(0);
    system.expand(0, system.words);
    const successor = [...system.labels].indexOf(2 << 8);
    expect(system.violations[successor]).toBe(3);
    expect(system.monitorCounts[0]).toBeGreaterThan(0);
  });
});
