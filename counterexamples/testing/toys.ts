/**
 * Small systems with one defect each, over the toy machine of the compiler's own tests.
 */
import { interpretProgram, type TracingSystem } from '../../compiler/index.ts';

import { buildProgram } from '../../compiler/program/build.ts';
import { binary, bool, local, not, num, place, rowOf, strong, u32, type Writer } from '../../compiler/random/irWords.ts';
import { procedure, type ToyParts, toySystem } from '../../compiler/random/toySystem.ts';

export function interpreted(parts: ToyParts): TracingSystem {
  const built = buildProgram(toySystem(parts), {});
  return interpretProgram(built.description, built.program, built.layout);
}

const count = place('vm', 'count');
const head = place('vm', 'head');
const mutexA = place('vm', 'mutexA');
const mutexB = place('vm', 'mutexB');
const object = strong('objects');

/** Two processes publish an object and take it back; both may free it. */
export function doubleFree(): TracingSystem {
  const publish = procedure(
    'publish',
    (w) => [
      w.acquire(mutexA),
      w.alloc('o', 'objects'),
      w.store(place('objects', 'v', local('o', object)), num(2)),
      w.store(head, local('o', object)),
      w.release(mutexA),
    ],
    { locals: { o: object } },
  );
  const drop = procedure('drop', (w) => [w.free(local('o', object))], { params: [{ name: 'o', type: object, mode: 'in' }] });
  const retire = procedure(
    'retire',
    (w) => [
      w.load('o', head),
      w.if(binary('==', local('o', object), num(0, object)), [w.return()]),
      w.preempt(),
      w.call('drop', [{ mode: 'in', value: local('o', object) }]),
    ],
    { locals: { o: object } },
  );
  return interpreted({ processes: [{ run: publish }, { run: retire }, { run: retire }], procedures: [drop] });
}

/**
 * A lost update: the counter is read, and written later. `locked` is mended; `byTwo` adds another amount.
 */
export function lostUpdate(form: 'plain' | 'locked' | 'byTwo' = 'plain'): TracingSystem {
  const amount = form === 'byTwo' ? 2 : 1;
  const locked = (w: Writer, lock: 'acquire' | 'release') => (form === 'locked' ? [w[lock](mutexA)] : []);
  const increment = procedure(
    'increment',
    (w) => [
      ...locked(w, 'acquire'),
      w.load('n', count),
      w.preempt(),
      w.store(count, binary('+', local('n'), num(amount))),
      w.ghost([w.load('m', place('vm', 'log')), w.store(place('vm', 'log'), binary('+', local('m'), num(amount)))]),
      ...locked(w, 'release'),
    ],
    { locals: { n: u32, m: u32 } },
  );
  const counted = procedure(
    'counted',
    (w) => [w.load('n', count), w.load('m', place('vm', 'log')), w.return(binary('==', local('n'), local('m')))],
    { locals: { n: u32, m: u32 }, result: bool },
  );
  return interpreted({
    processes: [{ run: increment }, { run: increment }],
    procedures: [counted],
    properties: [{ kind: 'state', id: 'T-1', name: 'counted', predicate: 'counted', scope: { kind: 'always' } }],
  });
}

/** Two locks in opposite orders. */
export function reversedLocks(): TracingSystem {
  const take = (first: typeof mutexA, second: typeof mutexA) => (w: Writer) => [
    w.acquire(first),
    w.acquire(second),
    w.release(second),
    w.release(first),
  ];
  return interpreted({
    processes: [{ run: procedure('forward', take(mutexA, mutexB)) }, { run: procedure('backward', take(mutexB, mutexA)) }],
  });
}

/** A monitor on a field, an assertion, and a state that is asked for. */
export function monitored(): TracingSystem {
  const writer = procedure(
    'writer',
    (w) => [w.choose('n', 3, 'how much'), w.acquire(mutexA), w.store(count, local('n')), w.release(mutexA)],
    { locals: { n: u32 } },
  );
  const checker = procedure(
    'checker',
    (w) => [
      w.mark('checking'),
      w.acquire(mutexA),
      w.load('n', count),
      w.release(mutexA),
      w.assert(binary('!=', local('n'), num(1)), 'T-3'),
    ],
    { locals: { n: u32 } },
  );
  const belowTwo = procedure(
    'belowTwo',
    (w) => [w.load('y', place('cells', 'y', rowOf('cells', 1))), w.return(not(binary('>=', local('after'), num(2))))],
    {
      params: [
        { name: 'before', type: u32, mode: 'in' },
        { name: 'after', type: u32, mode: 'in' },
      ],
      locals: { y: bool },
      result: bool,
    },
  );
  const isTwo = procedure('isTwo', (w) => [w.load('n', count), w.return(binary('==', local('n'), num(2)))], {
    locals: { n: u32 },
    result: bool,
  });
  return interpreted({
    processes: [{ run: writer }, { run: checker }],
    procedures: [belowTwo, isTwo],
    properties: [
      {
        kind: 'event',
        id: 'T-2',
        name: 'below_two',
        hooks: [{ event: { on: 'write', table: 'vm', field: 'count' }, procedure: 'belowTwo' }],
      },
      { kind: 'assertion', id: 'T-3', name: 'never_one' },
      { kind: 'reachable', id: 'T-4', name: 'two', predicate: 'isTwo' },
    ],
  });
}

/** A property of states that a procedure also asserts, as those of RCU do: it is the assertion that fails, and no state. */
export function assertedInvariant(): TracingSystem {
  const bump = procedure(
    'bump',
    (w) => [w.load('n', count), w.store(count, binary('+', local('n'), num(1))), w.assert(binary('!=', local('n'), num(0)), 'T-5')],
    { locals: { n: u32 } },
  );
  const notNine = procedure('notNine', (w) => [w.load('n', count), w.return(binary('!=', local('n'), num(9)))], {
    locals: { n: u32 },
    result: bool,
  });
  return interpreted({
    processes: [{ run: bump }],
    procedures: [notNine],
    properties: [{ kind: 'state', id: 'T-5', name: 'started', predicate: 'notNine', scope: { kind: 'always' } }],
  });
}
