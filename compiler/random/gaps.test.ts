import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compile.ts';
import type { SystemDescription } from '../description.ts';
import { interpretProgram } from '../interpret/interpret.ts';
import type { Expr, RefType, Stmt } from '../ir/types.ts';
import { buildProgram } from '../program/build.ts';
import { compareBackEnds, compareMerged } from './differential.ts';
import { binary, local, num, place, rowOf, strong, u32, type Writer } from './irWords.ts';
import { explore } from './search.ts';
import { procedure, toySystem } from './toySystem.ts';

const x0 = place('cells', 'x', rowOf('cells', 0));
const count = place('vm', 'count');
const head = place('vm', 'head');
const object = strong('objects');
const weak: RefType = { ...object, strong: false };
const r = local('r', object);
const q = local('q', object);
const locals = { r: object, q: object, g: weak, t: u32 };

/** Somebody frees what is published, while `uses` goes on with its own reference to it. */
function freedMeanwhile(uses: (w: Writer) => Stmt[]): SystemDescription {
  const freer = procedure('freer', (w) => [w.load('r', head), w.if(binary('!=', r, num(0, object)), [w.free(r)])], { locals });
  const user = procedure(
    'user',
    (w) => [w.alloc('r', 'objects'), w.alloc('q', 'objects'), w.free(q), w.store(head, r), w.store(count, num(2)), ...uses(w)],
    { locals },
  );
  return toySystem({ processes: [{ run: freer }, { run: user }] });
}
function castTo(type: RefType, a: Expr): Expr {
  return { op: 'refCast', type, a };
}

/** What random programs found, each reduced to its smallest program. */
describe('defects of merging that random programs found', () => {
  it('a violation is kept if the path vanishes later in the same step', () => {
    const never = binary('==', local('t'), num(1));
    const warns = procedure('warns', (w) => [w.acquire(place('vm', 'mutexA')), w.load('t', x0), w.assert(never, 'A'), w.assume(never)], {
      locals,
    });
    const system = toySystem({ processes: [{ run: warns }], properties: [{ kind: 'assertion', id: 'A', name: 'A' }] });
    expect(compareMerged(system, 100).differences).toEqual([]);
  });

  it('a loop whose rounds only move takes steps that end', () => {
    const again = procedure(
      'again',
      (w) => [w.loop('l', [w.store(x0, num(1)), w.choose('t', 2), w.if(binary('==', local('t'), num(0)), [w.leave('l')])])],
      { locals },
    );
    expect(compareMerged(toySystem({ processes: [{ run: again }] }), 100).differences).toEqual([]);
  });

  it('the element of a list operator may have been freed', () => {
    const system = freedMeanwhile((w) => [w.list('add', place('vm', 'list'), r)]);
    expect(compareMerged(system, 1000).differences).toEqual([]);
  });

  it('what a row number is taken of may have been freed', () => {
    const system = freedMeanwhile((w) => [w.assign('t', { op: 'indexOf', type: u32, a: r }), w.store(count, local('t'))]);
    expect(compareMerged(system, 1000).differences).toEqual([]);
  });

  it('what a tag is made of may have been freed', () => {
    const system = freedMeanwhile((w) => [
      w.assign('g', castTo(weak, r)),
      w.if(binary('==', local('g', weak), num(1, weak)), [w.store(count, num(1))]),
    ]);
    expect(compareMerged(system, 1000).differences).toEqual([]);
  });

  it('two references become equal when the rows of both are freed', () => {
    const system = freedMeanwhile((w) => [w.if(binary('==', r, q), [w.store(count, num(1))])]);
    expect(compareMerged(system, 1000).differences).toEqual([]);
  });
});

describe('a process that stops before a call that may stop itself', () => {
  const sees = procedure(
    'sees',
    (w) => [w.load('t', count), w.load('t', x0), w.load('r', head), w.if(binary('!=', r, num(0, object)), [w.free(r)])],
    { locals },
  );
  it('still has what the call is given', () => {
    // That the row may be freed meanwhile makes the call a place to stop at.
    const takes = procedure('takes', (w) => [w.store(x0, local('n')), w.store(count, num(1))], {
      params: [{ name: 'n', type: u32, mode: 'in' }],
    });
    const gives = procedure(
      'gives',
      (w) => [
        w.alloc('q', 'objects'),
        w.alloc('r', 'objects'),
        w.store(head, r),
        w.call('takes', [{ mode: 'in', value: { op: 'indexOf', type: u32, a: r } }]),
      ],
      { locals },
    );
    const { description, program, layout } = buildProgram(
      toySystem({ processes: [{ run: gives }, { run: sees }], procedures: [takes] }),
      {},
    );
    const calls = program.specs.flatMap(({ nodes }) => nodes.filter(({ op, resume }) => op.kind === 'call' && resume !== null));
    expect(calls.map(({ live }) => live)).toContainEqual(['r']);
    const { faults } = explore(interpretProgram(description, program, layout), 1000);
    expect([...faults].map((text) => text.split(' ')[0])).toEqual(['useAfterFree']);
  });

  it('keeps the same in all back ends when it goes on into the call', () => {
    // What the call gives back is zero in the caller's frame meanwhile, though it lives where the process stops before the call.
    const takes = procedure(
      'takes',
      (w) => [w.store(x0, local('n')), w.store(count, num(1)), w.store(x0, local('m')), w.assign('m', num(1))],
      {
        params: [
          { name: 'n', type: u32, mode: 'in' },
          { name: 'm', type: u32, mode: 'inout' },
        ],
      },
    );
    const gives = procedure(
      'gives',
      (w) => [
        w.alloc('q', 'objects'),
        w.alloc('r', 'objects'),
        w.store(x0, num(2)),
        w.load('t', x0),
        w.store(head, r),
        w.call('takes', [
          { mode: 'in', value: { op: 'indexOf', type: u32, a: r } },
          { mode: 'inout', local: 't' },
        ]),
        w.store(count, local('t')),
      ],
      { locals },
    );
    const system = toySystem({ processes: [{ run: gives }, { run: sees }], procedures: [takes] });
    const { description, program, layout } = buildProgram(system, {});
    expect(
      program.specs
        .flatMap(({ nodes }) => nodes)
        .some(({ op, resume, live }) => op.kind === 'call' && resume !== null && live.includes('t')),
    ).toBe(true);
    expect(compareBackEnds(compileSystem(system), interpretProgram(description, program, layout), 1000)).toEqual([]);
  });
});
