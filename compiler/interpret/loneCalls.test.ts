import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compile.ts';
import type { Procedure } from '../ir/types.ts';
import { decodeMachine, type MachineState } from '../machine/packing.ts';
import { binary, local, num, place, rowOf, u32, type Writer } from '../random/irWords.ts';
import { procedure, toySystem } from '../random/toySystem.ts';
import { LoneCalls, type LoneRun } from './loneCalls.ts';
import { CallWatcher, type WatchedCall } from './watchCalls.ts';

const x0 = place('cells', 'x', rowOf('cells', 0));
const rw = place('vm', 'rw');
const limits = { runs: 20, statements: 1000 };

/** Process 1 runs `body`, of two. */
function lone(body: Procedure) {
  const idle = procedure('idle', () => []);
  const description = toySystem({ processes: [{ run: idle }, { run: idle }], procedures: [body], mayEndLocked: false });
  const system = compileSystem(description);
  const machine = decodeMachine(system.layout, system.initialStates()[0] ?? new Int32Array(), 0);
  return { calls: new LoneCalls(description, body.name, 1), machine };
}
const withLock = (machine: MachineState, rw: { writer: number; readers: number; waiting: number }): MachineState => ({
  ...machine,
  tables: { ...machine.tables, vm: { ...machine.tables['vm'], rw: [{ ...rw }] } },
});
const done = ({ end, events }: LoneRun) => [
  end,
  ...events.flatMap(({ kind, writes, lock }) => [
    ...writes.map(({ after }) => after),
    ...(lock === null ? [] : [lock.what]),
    ...(kind === 'wait' ? ['waited'] : []),
  ]),
];
const x = ({ tables }: MachineState) => tables['cells']?.['x']?.[0];

describe('a procedure alone', () => {
  it('is run once for each way to answer its choices, from the same state', () => {
    const body = procedure(
      'body',
      (w) => [
        w.choose('a', 2),
        w.if(binary('==', local('a'), num(1)), [w.choose('b', 3)]),
        w.store(x0, binary('+', local('a'), local('b'))),
        w.return(local('b')),
      ],
      { locals: { a: u32, b: u32 }, result: u32 },
    );
    const { calls, machine } = lone(body);
    const { runs, all } = calls.run(machine, [], limits);
    expect(all).toBe(true);
    expect(runs.map(({ end, value, machine: after }) => [end, value, x(after)])).toEqual([
      ['returned', 0, 0],
      ['returned', 0, 1],
      ['returned', 1, 2],
      ['returned', 2, 3],
    ]);
    expect(x(machine)).toBe(0);
    expect(calls.run(machine, [], { ...limits, runs: 3 }).all).toBe(false);
    const one = calls.run(machine, [], { ...limits, others: 1 });
    expect(one).toMatchObject({ all: false, runs: [{ value: 0 }, { value: 0 }] });
    expect(calls.run(machine, [], { ...limits, others: 2 })).toMatchObject({ all: true, runs: { length: 4 } });
  });

  it('may end with the lock that its callers hold, which it let go of in between', () => {
    const body = procedure('body', (w) => [w.release(rw), w.acquire(rw), w.store(x0, num(1))]);
    const { calls, machine } = lone(body);
    const [run] = calls.run(withLock(machine, { writer: 2, readers: 0, waiting: 0 }), [], limits).runs;
    expect(run?.events.map(({ kind }) => kind)).not.toContain('assert');
    expect(run === undefined ? null : done(run)).toEqual(['returned', 'released', 'acquired', 1]);
  });

  it('is given its arguments, and gives back what it leaves in those that are inout', () => {
    const body = procedure('body', (w) => [w.assign('b', binary('+', local('a'), local('b'))), w.return(local('a'))], {
      params: [
        { name: 'a', type: u32, mode: 'in' },
        { name: 'b', type: u32, mode: 'inout' },
      ],
      result: u32,
    });
    const { calls, machine } = lone(body);
    for (const [a, b] of [
      [1, 2],
      [5, 0xffff_ffff],
    ] as const) {
      const [run] = calls.run(machine, [a, b], limits).runs;
      expect(run).toMatchObject({ end: 'returned', value: a, left: [null, (a + b) % 2 ** 32] });
    }
  });

  it('has a lock made way for that others hold or want, faults, or does not end', () => {
    const takes = lone(procedure('takes', (w) => [w.store(x0, num(1)), w.acquire(rw), w.store(x0, num(2)), w.release(rw)]));
    const lockedBy = (state: { writer: number; readers: number; waiting: number }) => withLock(takes.machine, state);
    expect(takes.calls.run(takes.machine, [], limits).runs).toMatchObject([{ end: 'returned' }]);
    const did = (state: MachineState) => takes.calls.run(state, [], limits).runs.map(done);
    expect(did(lockedBy({ writer: 1, readers: 0, waiting: 0 }))).toEqual([['returned', 1, 'acquired', 2, 'released']]);
    expect(did(lockedBy({ writer: 0, readers: 1, waiting: 0 }))).toEqual([['returned', 1, 'acquired', 2, 'released']]);
    // The lock is held by the process that calls: number 1, not 0.
    const [own] = takes.calls.run(lockedBy({ writer: 2, readers: 0, waiting: 0 }), [], limits).runs;
    expect(own).toMatchObject({ end: 'fault', fault: { kind: 'selfDeadlock' } });
    const reads = lone(
      procedure('reads', (w) => [w.acquire(rw, 'shared'), w.choose('a', 2, 'it'), w.release(rw, 'shared')], { locals: { a: u32 } }),
    );
    const { runs } = reads.calls.run(withLock(reads.machine, { writer: 0, readers: 1, waiting: 1 }), [], limits);
    expect(runs.map(done)).toEqual([
      ['returned', 'acquired', 'released'],
      ['returned', 'acquired', 'released'],
    ]);
    expect(runs[1]?.answers).toEqual([{ label: 'it', value: 1, procedures: ['reads'], contended: [], held: ['vm.rw'] }]);
    const asks = lone(procedure('asks', (w) => [w.choose('a', 2, 'it')], { locals: { a: u32 } }));
    const [asked] = asks.calls.run(withLock(asks.machine, { writer: 1, readers: 0, waiting: 0 }), [], limits).runs;
    expect(asked?.answers).toMatchObject([{ value: 0, contended: ['vm.rw'], held: [] }]);
    const never = lone(procedure('never', (w) => [w.loop('l', [w.store(x0, num(1))])]));
    expect(never.calls.run(never.machine, [], limits).runs).toMatchObject([{ end: 'endless' }]);
  });

  it('goes on where it waits for a condition, and is blocked if it waits again and again', () => {
    const until = (w: Writer) => [w.wait([w.load('t', x0)], binary('==', local('t'), num(9)))];
    const waits = lone(procedure('waits', (w) => [w.store(x0, num(1)), ...until(w), w.store(x0, num(2))], { locals: { t: u32 } }));
    expect(waits.calls.run(waits.machine, [], limits).runs.map(done)).toEqual([['returned', 1, 'waited', 2]]);
    const round = lone(procedure('round', (w) => [w.loop('l', until(w))], { locals: { t: u32 } }));
    expect(round.calls.run(round.machine, [], limits).runs).toMatchObject([{ end: 'blocked' }]);
  });
});

describe('watched calls', () => {
  it('are told with their arguments and the machine as it is at the mark, and not once a round of a loop', () => {
    const callee = procedure(
      'callee',
      (w) => [
        w.mark('callee'),
        w.loop('l', [
          w.load('t', x0),
          w.if(binary('==', local('t'), num(3)), [w.leave('l')]),
          w.store(x0, binary('+', local('t'), local('by'))),
        ]),
      ],
      { params: [{ name: 'by', type: u32, mode: 'in' }], locals: { t: u32 } },
    );
    const caller = procedure('caller', (w) => [
      w.store(x0, num(1)),
      w.call('callee', [{ mode: 'in', value: num(1) }]),
      w.store(x0, num(2)),
      w.call('callee', [{ mode: 'in', value: num(1) }]),
    ]);
    const system = compileSystem(toySystem({ processes: [{ run: caller }], procedures: [callee] }));
    const watcher = new CallWatcher(system);
    const seen: unknown[] = [];
    const tell = ({ mark, process, args, machine }: WatchedCall) => seen.push([mark, process, args, x(machine)]) > 0;
    let [words] = system.initialStates();
    for (let step = 0; words !== undefined && step < 100; step++) {
      system.buffer.set(words, 0);
      const [label] = system.enabled(0);
      if (label === undefined) break;
      watcher.watch(words, label, tell);
      system.step(0, label, system.words);
      words = system.buffer.slice(system.words, 2 * system.words);
    }
    expect(seen).toEqual([
      ['callee', 0, [1], 1],
      ['callee', 0, [1], 2],
    ]);
  });
});
