import { describe, expect, it } from 'vitest';
import { interpretProgram } from '../interpret/interpret.ts';
import type { Expr } from '../ir/types.ts';
import { local, num, place, rowOf, strong, u32 } from '../random/irWords.ts';
import { explore } from '../random/search.ts';
import { procedure, type ToyParts, toySystem } from '../random/toySystem.ts';
import type { CompileOptions } from '../system.ts';
import { buildProgram } from './build.ts';
import type { Program } from './types.ts';

/** Cuts of the leaf and wait nodes of the specs of one procedure, in order of nodes. */
function cuts(program: Program, name: string): string[] {
  return program.specs
    .filter((s) => s.procedure.name === name)
    .flatMap((s) =>
      s.nodes.flatMap((n) => {
        const kind = n.op.kind === 'leaf' ? n.op.stmt.kind : n.op.kind;
        return kind === 'goto' || kind === 'return' ? [] : [`${kind} ${n.cut}${n.spends ? ' spends' : ''}`];
      }),
    );
}
function build(parts: ToyParts, options: CompileOptions = {}): Program {
  return buildProgram(toySystem(parts), options).program;
}
function statesOf(parts: ToyParts, options: CompileOptions = {}): number {
  const built = buildProgram(toySystem(parts), options);
  return explore(interpretProgram(built.description, built.program, built.layout), 10_000).states;
}

const mutexA = place('vm', 'mutexA');
const count = place('vm', 'count');
const cell = (row: number) => place('cells', 'x', rowOf('cells', row));
const locked = (name: string) =>
  procedure(name, (w) => [w.acquire(mutexA), w.load('t', count), w.store(count, num(1)), w.release(mutexA)], { locals: { t: u32 } });

describe('movers', () => {
  it('a section under a common lock is one step', () => {
    const parts = { processes: [{ run: locked('p') }, { run: locked('q') }] };
    expect(cuts(build(parts), 'p')).toEqual(['acquire started', 'load never', 'store never', 'release never spends']);
    expect(statesOf(parts)).toBe(4);
  });
  it('an access without the lock that the other holds is a non-mover on both sides', () => {
    const bare = procedure('bare', (w) => [w.store(count, num(2))]);
    const program = build({ processes: [{ run: locked('p') }, { run: bare }] });
    expect(cuts(program, 'bare')).toEqual(['store spent spends']);
    expect(cuts(program, 'p')).toEqual(['acquire started', 'load spent spends', 'store spent spends', 'release never spends']);
  });
  it('constant rows that differ do not conflict, unknown rows conflict with all', () => {
    const own = procedure('own', (w) => [w.store(cell(0), num(1)), w.store(cell(0), num(2))]);
    const other = procedure('other', (w) => [w.store(cell(1), num(1))]);
    expect(cuts(build({ processes: [{ run: own }, { run: other }] }), 'own')).toEqual(['store never', 'store never']);
    const any = procedure(
      'any',
      (w) => [w.choose('i', 2), w.store(place('cells', 'x', { op: 'rowAt', type: strong('cells'), a: local('i') }), num(1))],
      { locals: { i: u32 } },
    );
    expect(cuts(build({ processes: [{ run: own }, { run: any }] }), 'own')).toEqual(['store spent spends', 'store spent spends']);
  });
  it('a second acquire begins a step, and shared holders do not exclude each other', () => {
    const both = procedure('both', (w) => [w.acquire(mutexA), w.acquire(place('vm', 'mutexB')), w.release(mutexA)]);
    expect(cuts(build({ processes: [{ run: both }] }), 'both')).toEqual(['acquire started', 'acquire started', 'release never spends']);
    const rw = place('vm', 'rwPlain');
    const reader = (name: string) => procedure(name, (w) => [w.acquire(rw, 'shared'), w.store(count, num(1)), w.release(rw, 'shared')]);
    const program = build({ processes: [{ run: reader('r') }, { run: reader('s') }] });
    expect(cuts(program, 'r')[1]).toBe('store spent spends');
    const asMutex = build({ processes: [{ run: reader('r') }, { run: reader('s') }] }, { inject: 'rwlockAsMutex' });
    expect(cuts(asMutex, 'r')[1]).toBe('store never');
  });
  it('operations on a lock that somebody observes are no movers', () => {
    const tries = procedure('tries', (w) => [w.tryAcquire('ok', mutexA), w.if(local('ok'), [w.release(mutexA)])], { locals: { ok: u32 } });
    const program = build({ processes: [{ run: locked('p') }, { run: tries }] });
    expect(cuts(program, 'p')[0]).toBe('acquire started spends');
    expect(cuts(program, 'p').at(-1)).toBe('release spent spends');
  });
  it('a writer that is preferred observes readers, but only if somebody reads', () => {
    const rw = place('vm', 'rw');
    const writer = (name: string) => procedure(name, (w) => [w.acquire(rw), w.release(rw)]);
    const reader = procedure('reader', (w) => [w.acquire(rw, 'shared'), w.release(rw, 'shared')]);
    expect(cuts(build({ processes: [{ run: writer('v') }, { run: writer('w') }] }), 'w')).toEqual([
      'acquire started',
      'release never spends',
    ]);
    expect(cuts(build({ processes: [{ run: writer('w') }, { run: reader }] }), 'w')).toEqual([
      'acquire started spends',
      'release spent spends',
    ]);
  });
  it('a row is private until it is published', () => {
    const v = place('objects', 'v', local('o', strong('objects')));
    const maker = (name: string) =>
      procedure(
        name,
        (w) => [
          w.alloc('o', 'objects'),
          w.store(v, num(1)),
          w.store(place('vm', 'head'), local('o', strong('objects'))),
          w.store(v, num(2)),
        ],
        { locals: { o: strong('objects') } },
      );
    const program = build({ processes: [{ run: maker('m') }, { run: maker('n') }] });
    expect(cuts(program, 'm')).toEqual(['alloc spent spends', 'store never', 'store spent spends', 'store spent spends']);
  });
});

describe('visibility', () => {
  const sees = procedure(
    'sees',
    (w) => [w.load('t', count), w.return({ op: 'binary', type: { kind: 'bool' }, operator: '<', a: local('t'), b: num(3) })],
    {
      locals: { t: u32 },
      result: { kind: 'bool' },
    },
  );
  const writes = procedure('writes', (w) => [w.acquire(mutexA), w.store(count, num(1)), w.store(count, num(2)), w.release(mutexA)]);
  const scoped = (scope: 'always' | 'noWriter' | 'quiescent', daemon: boolean) => ({
    processes: [{ run: writes, daemon }],
    procedures: [sees],
    properties: [
      {
        kind: 'state' as const,
        id: 'S',
        name: 's',
        predicate: 'sees',
        scope: scope === 'noWriter' ? { kind: scope, table: 'vm', field: 'mutexA' } : { kind: scope },
      },
    ],
  });
  it('a write that an always-scoped property reads is a non-mover, unless that rule is dropped', () => {
    expect(cuts(build(scoped('always', false)), 'writes')[1]).toBe('store spent spends');
    expect(cuts(build(scoped('always', false), { inject: 'ignoreVisibility' }), 'writes')[1]).toBe('store never');
  });
  it('under the lock of its scope it is hidden, at rest only daemons are seen', () => {
    expect(cuts(build(scoped('noWriter', false)), 'writes')[1]).toBe('store never');
    expect(cuts(build(scoped('quiescent', false)), 'writes')[1]).toBe('store never');
    expect(cuts(build(scoped('quiescent', true)), 'writes')[1]).toBe('store spent spends');
  });
});

describe('whole specs', () => {
  const callee = procedure('callee', (w) => [w.store(place('vm', 'count'), local('n'))], {
    params: [{ name: 'n', type: u32, mode: 'in' }],
  });
  const caller = (name: string, n: number) =>
    procedure(name, (w) => [w.call('callee', [{ mode: 'in', value: num(n) }]), w.call('callee', [{ mode: 'in', value: num(n) }])]);
  it('a callee with one non-mover is a function, and its call the non-mover', () => {
    const program = build({ processes: [{ run: caller('p', 1) }, { run: caller('q', 2) }], procedures: [callee] });
    expect(cuts(program, 'p')).toEqual(['call spent spends', 'call spent spends']);
    const whole = program.specs.filter((s) => s.procedure.name === 'callee');
    expect(whole.map((s) => [s.whole, s.constants])).toEqual([
      [true, [1]],
      [true, [2]],
    ]);
  });
  it('a callee that may block has a frame, and its caller keeps what lives over the call', () => {
    const blocks = procedure('blocks', (w) => [w.acquire(mutexA), w.release(mutexA)]);
    const keeps = procedure('keeps', (w) => [w.choose('k', 3), w.choose('dead', 3), w.call('blocks', []), w.store(count, local('k'))], {
      locals: { k: u32, dead: u32 },
    });
    const program = build({ processes: [{ run: keeps }, { run: locked('q') }], procedures: [blocks] });
    const spec = program.specs.find((s) => s.procedure.name === 'keeps');
    expect(spec?.frame.map((f) => [f.local, f.column.bits])).toEqual([['k', 2]]);
    expect(program.specs.find((s) => s.procedure.name === 'blocks')?.whole).toBe(false);
  });
  it('recursion without preemption stays recursion; with it, it is unrolled to a bound', () => {
    const down = (name: string, shared: boolean) =>
      procedure(
        name,
        (w) => [
          ...(shared ? [w.acquire(mutexA), w.release(mutexA)] : []),
          w.if({ op: 'binary', type: { kind: 'bool' }, operator: '>', a: local('n'), b: num(0) }, [
            w.call(name, [{ mode: 'in', value: { op: 'binary', type: u32, operator: '-', a: local('n'), b: num(1) } }]),
          ]),
        ],
        { params: [{ name: 'n', type: u32, mode: 'in' }] },
      );
    const start = (name: string) =>
      procedure('start', (w) => [w.choose('k', 3), w.call(name, [{ mode: 'in', value: local('k') }])], { locals: { k: u32 } });
    const pure = build({ processes: [{ run: start('pure') }], procedures: [down('pure', false)] });
    expect(pure.specs.filter((s) => s.procedure.name === 'pure').length).toBe(1);
    const stops = build({ processes: [{ run: start('stops') }], procedures: [down('stops', true)] });
    expect(stops.specs.filter((s) => s.procedure.name === 'stops').length).toBe(4);
    expect(stops.specs.some((s) => s.nodes.some((n) => n.op.kind === 'bound'))).toBe(true);
  });
  it.each([
    ['that go back themselves', 'top'],
    // It closes no circle that is being built when it is met: `first` is there by then.
    ['one of which goes back through the other', 'first'],
  ])('two ways round a recursion %s have a bound together, whichever of them is built first', (_, back) => {
    // `first` is built as deep as it goes before `top` calls `second`: a `second` from down there would go no further.
    const less: Expr = { op: 'binary', type: u32, operator: '-', a: local('n'), b: num(1) };
    const params = [{ name: 'n', type: u32, mode: 'in' as const }];
    const onward = (name: string, callee: string, value: Expr) =>
      procedure(name, (w) => [w.call(callee, [{ mode: 'in', value }])], { params });
    const top = procedure(
      'top',
      (w) => [
        w.acquire(mutexA),
        w.release(mutexA),
        w.if({ op: 'binary', type: { kind: 'bool' }, operator: '>', a: local('n'), b: num(0) }, [
          w.call('first', [{ mode: 'in', value: local('n') }]),
          w.call('second', [{ mode: 'in', value: local('n') }]),
        ]),
      ],
      { params },
    );
    const runOf = (deepest: number) => {
      const start = procedure('start', (w) => [w.choose('k', deepest + 1), w.call('top', [{ mode: 'in', value: local('k') }])], {
        locals: { k: u32 },
      });
      const parts = {
        processes: [{ run: start }],
        procedures: [top, onward('first', 'top', less), onward('second', back, back === 'top' ? less : local('n'))],
      };
      const { description, program, layout } = buildProgram(toySystem(parts));
      return [...explore(interpretProgram(description, program, layout), 10_000).faults].map((fault) => fault.split(' ')[0]);
    };
    expect(runOf(3)).toEqual([]);
    expect(runOf(4)).toContain('bound');
  });
});

describe('specialisation', () => {
  it('conditional locking makes one node per set of locks', () => {
    const sometimes = procedure(
      'sometimes',
      (w) => [w.choose('c', 2), w.if(local('c'), [w.acquire(mutexA)]), w.store(count, num(1)), w.if(local('c'), [w.release(mutexA)])],
      { locals: { c: u32 } },
    );
    const program = build({ processes: [{ run: sometimes }, { run: locked('q') }] });
    const stores = cuts(program, 'sometimes').filter((c) => c.startsWith('store'));
    expect(stores).toEqual(expect.arrayContaining(['store spent spends', 'store spent spends']));
    expect(stores.length).toBe(2);
  });
  it('a loop that nothing leaves ends the step in each round, unless the round begins by waiting', () => {
    const spins = procedure('spins', (w) => [w.loop('l', [w.choose('c', 2)])], { locals: { c: u32 } });
    expect(statesOf({ processes: [{ run: spins, daemon: true }] })).toBe(2);
    const waits = procedure(
      'waits',
      (w) => [
        w.loop('l', [w.wait([w.load('t', count)], { op: 'binary', type: { kind: 'bool' }, operator: '==', a: local('t'), b: num(0) })]),
      ],
      {
        locals: { t: u32 },
      },
    );
    const built = buildProgram(toySystem({ processes: [{ run: waits, daemon: true }] }));
    expect(built.program.processes[0]?.resumes.length).toBe(2);
    expect(built.layout.programCounters[0]?.bits).toBe(0);
  });
});

describe('hooks', () => {
  const log = place('vm', 'log');
  const records = (name: string, parts: Parameters<typeof procedure>[2] = {}) =>
    procedure(name, (w) => [w.load('t', cell(1)), w.store(log, local('t'))], { locals: { t: u32 }, ...parts });
  const hooked = (hooks: ToyParts['hooks'] & object) => ({
    processes: [
      { run: procedure('p', (w) => [w.call('f', []), w.call('f', [])]) },
      { run: procedure('q', (w) => [w.store(cell(1), num(1)), w.call('f', [])]) },
    ],
    procedures: [procedure('f', (w) => [w.store(cell(0), num(1))]), records('one'), records('two')],
    hooks,
  });
  it('at one call are one event: no step ends between them', () => {
    const program = build(
      hooked([
        { event: { on: 'call', procedure: 'f' }, procedure: 'one' },
        { event: { on: 'call', procedure: 'f' }, procedure: 'two' },
      ]),
    );
    expect(cuts(program, 'f').slice(0, 2)).toEqual(['monitor spent spends', 'monitor never']);
  });
  it('of a write move with it: what they read makes the write a non-mover', () => {
    const params = [
      { name: 'row', type: strong('cells'), mode: 'in' as const },
      { name: 'before', type: u32, mode: 'in' as const },
      { name: 'after', type: u32, mode: 'in' as const },
    ];
    const store = procedure('f', (w) => [w.store(cell(0), num(1))]);
    const parts = {
      processes: [{ run: procedure('p', (w) => [w.call('f', [])]) }, { run: procedure('q', (w) => [w.store(cell(1), num(1))]) }],
      procedures: [store, records('one', { params })],
    };
    const hooks: ToyParts['hooks'] = [{ event: { on: 'write', table: 'cells', field: 'x' }, procedure: 'one' }];
    expect(cuts(build(parts), 'p')).toEqual(['call never']);
    expect(cuts(build({ ...parts, hooks }), 'p')).toEqual(['call spent spends']);
  });
});

describe('a process that ends with a lock', () => {
  const messages = (program: Program): string[] =>
    program.specs.flatMap(({ nodes }) =>
      nodes.flatMap(({ op }) => (op.kind === 'leaf' && op.stmt.kind === 'assert' ? [op.stmt.message] : [])),
    );
  it('is warned of, in the mode in which it holds it', () => {
    const keeps = procedure('keeps', (w) => [w.acquire(mutexA), w.store(count, num(1))]);
    expect(messages(build({ processes: [{ run: keeps }], mayEndLocked: false }))).toEqual(['the thread ends and holds vm.mutexA']);
  });
  it('is warned of where it takes again what it holds', () => {
    const rw = place('vm', 'rwPlain');
    const twice = procedure('twice', (w) => [w.acquire(rw, 'shared'), w.acquire(rw, 'shared'), w.release(rw)]);
    expect(messages(build({ processes: [{ run: twice }], mayEndLocked: false }))).toEqual(['vm.rwPlain (shared) is taken by who holds it']);
  });
  it('is not one whose callee hands the lock over, nor one that gives it back', () => {
    const takes = procedure('takes', (w) => [w.acquire(mutexA)]);
    const gives = procedure('gives', (w) => [w.call('takes', []), w.release(mutexA)]);
    const parts = { processes: [{ run: gives }, { run: locked('p') }], procedures: [takes], mayEndLocked: false } as const;
    expect(messages(build(parts))).toEqual([]);
  });
});
