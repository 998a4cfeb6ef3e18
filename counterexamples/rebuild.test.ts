import { describe, expect, it } from 'vitest';
import { type CompiledSystem, compileSystem, type TracingSystem } from '../compiler/index.ts';
import { explore, type Goal, goalOfId, shortestTrace } from '../explorer/index.ts';
import type { Naming } from './naming.ts';
import { RebuildMismatch, rebuildTrace } from './rebuild.ts';
import { renderText } from './render/text.ts';
import type { Trace } from './schema.ts';
import { shortestPath } from './testing/shortestPath.ts';
import { assertedInvariant, doubleFree, lostUpdate, monitored, reversedLocks } from './testing/toys.ts';

const about = {
  fingerprint: 'abc123',
  scenario: 'toy',
  era: '',
  variant: '',
  model: 'a toy',
  subsystem: '',
  bounds: { summary: '2 processes', values: { processes: 2 } },
  shortest: true,
  notModelled: [],
};

function trace(system: TracingSystem, finding: Goal, naming: Naming = {}, statement?: string): Trace {
  return rebuildTrace({
    system,
    path: shortestPath(system, finding),
    finding,
    about: statement === undefined ? about : { ...about, statement },
    naming,
  });
}

describe('a trace made from a path', () => {
  it('of a state property names the values that its predicate read', () => {
    const rebuilt = trace(lostUpdate(), { kind: 'property', index: 0 }, {}, 'No increment is lost.');
    expect(renderText(rebuilt)).toMatchInlineSnapshot(`
      "VIOLATED  T-1 counted                          4 steps, 2 CPUs, shortest
        model     a toy
        bounds    2 processes

      Does not hold: No increment is lost.

       #  CPU 0: P0                          CPU 1: P1
       -  ---------------------------------  ---------------------------------
       2                                     increment()
                                               reads count = 0
       3  in increment()
            count: 0 -> 1
            [ log: 0 -> 1 ]
       4                                     in increment()
                                               count: 1 -> 1  <==
                                               [ log: 1 -> 2 ]

      Why: count is 1 (since 3), log is 2 (since 4).

      State           before 4      after 4
        count         1             1
        log           1           * 2
      "
    `);
    expect(rebuilt.violation.values).toMatchInlineSnapshot(`
      [
        {
          "name": "count",
          "place": "vm.count",
          "since": 3,
          "value": {
            "display": "1",
            "raw": 1,
          },
        },
        {
          "name": "log",
          "place": "vm.log",
          "since": 4,
          "value": {
            "display": "2",
            "raw": 2,
          },
        },
      ]
    `);
  });

  it('of a fault ends where the path ended', () => {
    const naming: Naming = { rows: { objects: ['P', 'Q'] }, spinlocks: ['vm.mutexA'] };
    const rebuilt = trace(doubleFree(), { kind: 'fault', fault: 'doubleFree' }, naming);
    expect(renderText(rebuilt)).toMatchInlineSnapshot(`
      "VIOLATED  fault:doubleFree                     6 steps, 3 CPUs, shortest
        model     a toy
        bounds    2 processes

      frees a row of objects that is free

       #  CPU 0: P0
          CPU 1: P1
          CPU 2: P2
       -  --------------------------------------------------------------------
       1  CPU 0: publish()
                   spin_lock(mutexA)
                   alloc P
                   P.v: 0 -> 2
       2  CPU 0: in publish()
                   head: none -> P
                   spin_unlock(mutexA)
       3  CPU 1: retire()
                   reads head = P
       4  CPU 1: drop()
                   free P
                   head: P -> dangling
       5  CPU 2: retire()
                   reads head = dangling
       6  CPU 2: drop()
                   doubleFree: frees a row of objects that is free  <==

      Why: doubleFree: frees a row of objects that is free
      "
    `);
  });

  it('counts the age of a value from the allocation of its row', () => {
    const system = doubleFree();
    const rebuilt = trace(system, { kind: 'fault', fault: 'doubleFree' });
    const freed = rebuilt.steps.flatMap((step) =>
      step.rows.filter((row) => row.kind === 'allocation').map((row) => [step.number, row.action]),
    );
    expect(freed).toEqual([
      [1, 'alloc'],
      [4, 'free'],
    ]);
    expect(rebuilt.final.map((cell) => cell.place)).not.toContain('objects[0]');
  });

  it('of a deadlock says who waits for whom', () => {
    expect(renderText(trace(reversedLocks(), { kind: 'deadlock' }))).toMatchInlineSnapshot(`
      "VIOLATED  deadlock                             2 steps, 2 CPUs, shortest
        model     a toy
        bounds    2 processes

      No essential process can step again.

       #  CPU 0: P0                          CPU 1: P1
       -  ---------------------------------  ---------------------------------
       1  forward()
            mutex_lock(mutexA)
       2                                     backward()
                                               mutex_lock(mutexB)  <==

      Why: CPU 0 waits in forward() for mutexB, which CPU 1 holds.  CPU 1
        waits in backward() for mutexA, which CPU 0 holds.

      State           before 2      after 2
        mutexA        CPU 0         CPU 0
        mutexB        free        * CPU 1
      "
    `);
  });

  it('of an event property marks the change that the monitor is attached to', () => {
    const rebuilt = trace(monitored(), { kind: 'property', index: 0 });
    expect(renderText(rebuilt)).toMatchInlineSnapshot(`
      "VIOLATED  T-2 below_two                         2 steps, 1 CPU, shortest
        model     a toy
        bounds    2 processes

       #  CPU 0: P0
       -  --------------------------------------------------------------------
       1  writer()
            (how much: 2)
       2  in writer()
            mutex_lock(mutexA)
            count: 0 -> 2  <==
            mutex_unlock(mutexA)

      Why: before is 0, after is 2, cells#1.y is 0 (from the start).

      State           before 2      after 2
        count         0           * 2
        cells#1.y     0             0
      "
    `);
    expect(rebuilt.steps.flatMap((step) => step.choices)).toEqual([{ label: 'how much', value: 2 }]);
  });

  it('of a property of states marks the assertion, where that is what fails', () => {
    const rebuilt = trace(assertedInvariant(), { kind: 'property', index: 0 });
    expect(renderText(rebuilt)).toMatch(/violates T-5 started:\s+asserted +<==/);
  });

  it('of an assertion marks the assertion', () => {
    expect(renderText(trace(monitored(), { kind: 'property', index: 1 }))).toMatchInlineSnapshot(`
      "VIOLATED  T-3 never_one                        4 steps, 2 CPUs, shortest
        model     a toy
        bounds    2 processes

       #  CPU 0: P0                          CPU 1: P1
       -  ---------------------------------  ---------------------------------
       1  writer()
            (how much: 1)
       2  in writer()
            mutex_lock(mutexA)
            count: 0 -> 1
            mutex_unlock(mutexA)
       3                                     checker()
                                               (checking)
       4                                     in checker()
                                               mutex_lock(mutexA)
                                               reads count = 1
                                               mutex_unlock(mutexA)
                                               violates T-3 never_one:
                                                 asserted  <==

      Why: count is 1 (since 2).

      State           before 4      after 4
        count         1             1
      "
    `);
  });

  it('of a state that was asked for is a witness', () => {
    const rebuilt = trace(monitored(), { kind: 'property', index: 2 });
    expect(rebuilt.verdict).toBe('reached');
    expect(rebuilt.property.fields).toEqual(['vm.count']);
  });

  it('is the same, byte for byte, each time', () => {
    const system = monitored();
    expect(JSON.stringify(trace(system, { kind: 'property', index: 0 }))).toBe(
      JSON.stringify(trace(monitored(), { kind: 'property', index: 0 })),
    );
  });
});

describe('what the explorer finds in compiled code', () => {
  it.each([lostUpdate, doubleFree, monitored, reversedLocks])('is rebuilt (%o)', (make) => {
    const system = compileSystem(make().description);
    expect(system.backEnd).toBe('javascript');
    const result = explore(system);
    const rebuilt = result.outcomes.flatMap((outcome) => {
      const path = shortestTrace(result, outcome.id);
      const finding = goalOfId(system, outcome.id);
      return path === null || finding === null ? [] : [[rebuildTrace({ system, path, finding, about }).steps.length, outcome.depth]];
    });
    expect(rebuilt.length).toBeGreaterThan(0);
    for (const [steps, depth] of rebuilt) expect(steps).toBe(depth);
  });
});

describe('a path that is not what it claims', () => {
  const finding: Goal = { kind: 'property', index: 0 };
  const rebuild = (system: CompiledSystem, labels: readonly number[], claimed: Goal = finding) =>
    rebuildTrace({ system, path: { initial: system.initialStates()[0] ?? new Int32Array(), labels }, finding: claimed, about });

  it('does not violate', () => {
    expect(() => rebuild(lostUpdate(), [0])).toThrow(RebuildMismatch);
    expect(() => rebuild(monitored(), [1])).toThrow(/does not violate T-2/);
    expect(() => rebuild(monitored(), [1], { kind: 'fault', fault: 'doubleFree' })).toThrow(/ends in no fault/);
  });

  it('has a step that is not enabled', () => {
    expect(() => rebuild(lostUpdate(), [0, 0, 0, 0, 0])).toThrow(/step \d: label 0 is not enabled/);
  });

  it('was found by compiled code that differs from the interpreter', () => {
    const system = lostUpdate();
    const { labels } = shortestPath(system, finding);
    const step = system.step.bind(system);
    system.step = (base, label, out) => {
      const status = step(base, label, out);
      system.buffer[out] = (system.buffer[out] ?? 0) ^ 1;
      return status;
    };
    expect(() => rebuild(system, labels)).toThrow(/reach different states/);
  });
});
