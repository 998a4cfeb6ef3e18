import { describe, expect, it } from 'vitest';
import type { EventPlace, LoneRun, LoneRuns, StatementEvent } from '../../compiler/index.ts';
import type { Abstraction } from './abstractions.ts';
import type { Sameness } from './judge.ts';
import { compareRuns } from './sameRuns.ts';

const u32 = { kind: 'int', min: 0, max: 9, overflow: 'wrap', underflow: 'wrap' } as const;
const position = { file: 'f.c', line: 1, column: 1, language: 'c' } as const;
const place = (field: string): EventPlace => ({ table: 'vm', field, row: null, index: null, type: u32 });
const blank = { list: null, lock: null, row: null, choice: null, call: null, returned: null, monitor: null, assertion: null } as const;

function event(what: Partial<StatementEvent>, inside: readonly string[] = []): StatementEvent {
  const stack = ['call_alone', 'f', ...inside].map((procedure) => ({ procedure, title: procedure, spec: 0, position }));
  return {
    ...{ process: 0, kind: 'store', phase: 'kernel', stack, position, statement: '', spec: 0, node: 0, reads: [], writes: [], locals: [] },
    ...blank,
    ...{ condition: null, atomic: null, mark: null, fault: null },
    ...what,
  };
}
const write = (field: string, after: number, inside?: readonly string[]) =>
  event({ writes: [{ place: place(field), before: 0, after }] }, inside);
const lock = (what: 'acquired' | 'released', inside?: readonly string[]) =>
  event({ lock: { place: place('lock'), what, mode: 'exclusive', query: null } }, inside);
const machine = { tables: { vm: { x: [0] } }, allocated: {} };
const run = (events: readonly StatementEvent[], more: Partial<LoneRun> = {}): LoneRun => ({
  ...{ end: 'returned', fault: null, value: null, left: [], machine, events, last: null, answers: [] },
  ...more,
});
const runs = (...all: readonly LoneRun[]): LoneRuns => ({ runs: all, all: true });

function compared(model: LoneRuns, tree: LoneRuns, ...leaves: readonly Abstraction['leaves'][]): Sameness {
  const abstractions = leaves.map(
    (one): Abstraction => ({ functions: ['f', 'inner'], leaves: one, because: 'for this test, and for nothing else' }),
  );
  return compareRuns(model, tree, { name: 'f', process: 0, calls: new Map([['flush', true]]), params: ['p'], abstractions });
}
const kind = (...given: Parameters<typeof compared>) => compared(...given).kind;

describe('two sets of runs', () => {
  const ab = runs(run([write('a', 1), write('b', 1)]));
  const ba = runs(run([write('b', 1), write('a', 1)]));

  it('differ in order, result, what is left, how they end, and the state', () => {
    expect(kind(ab, ab)).toBe('same');
    const parting = compared(ab, ba);
    expect(parting).toMatchObject({ kind: 'differs', parting: { common: 0 } });
    expect(kind(runs(run([], { value: 1 })), runs(run([], { value: 2 })))).toBe('differs');
    expect(kind(runs(run([], { left: [1] })), runs(run([], { left: [2] })))).toBe('differs');
    expect(kind(runs(run([])), runs(run([], { machine: { tables: { vm: { x: [1] } }, allocated: {} } })))).toBe('differs');
  });

  it('are the same whatever order the ways have, and differ if one has a way more', () => {
    const one = run([write('a', 1)]);
    const two = run([write('a', 2)]);
    expect(kind(runs(one, two), runs(two, one, one))).toBe('same');
    expect(compared(runs(one), runs(one, two))).toMatchObject({ kind: 'differs', parting: { tree: { run: two } } });
  });

  it('stay open where a limit was met, even by both', () => {
    const endless = runs(run([], { end: 'endless' }));
    expect(kind(endless, endless)).toBe('open');
    expect(kind({ ...ab, all: false }, ab)).toBe('open');
    const some = { name: 'f', process: 0, calls: new Map(), params: [], abstractions: [], some: true };
    expect(compareRuns({ ...ab, all: false }, ab, some).kind).toBe('same');
    const stuck = runs(run([write('a', 1)], { end: 'blocked' }));
    expect(kind(stuck, stuck)).toBe('open');
    const bound = runs(run([], { end: 'fault', fault: { kind: 'bound', message: 'rows of pages', position, statement: '' } }));
    expect(compared(bound, ab)).toEqual({ kind: 'open', reason: 'bound rows of pages exceeded' });
  });

  it('take a declared difference, and no other', () => {
    expect(kind(ab, ba, { what: 'order', fields: ['vm.a', 'vm.b'] })).toBe('same');
    expect(kind(ab, ba, { what: 'order', fields: ['vm.a', 'vm.c'] })).toBe('differs');
    expect(kind(ab, runs(run([write('a', 1)])), { what: 'writes', fields: ['vm.b'] })).toBe('same');
    const flushing = runs(run([event({ call: { procedure: 'flush', args: [] } })]));
    expect(kind(flushing, runs(run([])))).toBe('differs');
    expect(kind(flushing, runs(run([])), { what: 'calls', procedures: ['flush'] })).toBe('same');
    const locked = runs(run([lock('acquired'), lock('released')]));
    expect(kind(locked, runs(run([])), { what: 'locks', fields: ['vm.lock'] })).toBe('same');
    expect(kind(runs(run([], { left: [1] })), runs(run([], { left: [2] })), { what: 'parameters', names: ['p'] })).toBe('same');
    expect(kind(runs(run([], { value: 1 })), runs(run([], { value: 2 })), { what: 'result', model: 1, tree: 2 })).toBe('same');
    expect(kind(runs(run([], { value: 2 })), runs(run([], { value: 1 })), { what: 'result', model: 1, tree: 2 })).toBe('differs');
  });

  it('leave out a section in which nothing is done, and no other', () => {
    const empty: Abstraction['leaves'] = { what: 'sections', fields: ['vm.lock'] };
    const nothing = runs(run([write('a', 1)]));
    const idle = runs(run([lock('acquired'), lock('released'), write('a', 1)]));
    const guarded = runs(run([lock('acquired'), write('a', 1), lock('released')]));
    expect(kind(idle, nothing, empty)).toBe('same');
    expect(kind(nothing, idle, empty)).toBe('same');
    expect(kind(guarded, nothing, empty)).toBe('differs');
    expect(kind(guarded, idle, empty)).toBe('differs');
    expect(kind(idle, nothing)).toBe('differs');
  });

  it('let the tree keep a lock which the model lets go of, and do nothing else that the model does not', () => {
    const may: Abstraction['leaves'] = { what: 'yields', fields: ['vm.lock'] };
    const yields = run([lock('released'), lock('acquired'), write('a', 1)]);
    const keeps = run([write('a', 1)]);
    expect(kind(runs(yields), runs(yields, keeps), may)).toBe('same');
    expect(kind(runs(yields), runs(keeps), may)).toBe('differs');
    expect(kind(runs(keeps), runs(keeps, yields), may)).toBe('differs');
    expect(kind(runs(yields), runs(yields, run([write('a', 2)])), may)).toBe('differs');
    expect(kind(runs(run([lock('acquired'), lock('released')])), runs(run([])), may)).toBe('differs');
  });

  it('need no counterpart of what only a declared answer leads to', () => {
    const yielding = { what: 'answers', of: 'model', choice: 'yield', value: 0, lock: { field: 'vm.lock', is: 'contended' } } as const;
    const answer = { label: 'yield', value: 0, procedures: ['f', 'inner'], contended: ['vm.lock'], held: [] as string[] };
    const usual = run([write('a', 1)]);
    const more = (change: Partial<typeof answer>): LoneRuns => runs(usual, run([write('b', 1)], { answers: [{ ...answer, ...change }] }));
    expect(kind(more({}), runs(usual), yielding)).toBe('same');
    expect(kind(more({}), runs(usual))).toBe('differs');
    expect(kind(runs(usual), more({}), yielding)).toBe('differs');
    expect(kind(more({ value: 1 }), runs(usual), yielding)).toBe('differs');
    expect(kind(more({ contended: [], held: ['vm.lock'] }), runs(usual), yielding)).toBe('differs');
    expect(kind(more({ procedures: ['other'] }), runs(usual), yielding)).toBe('differs');
    expect(kind(runs(usual, run([write('b', 1)], { answers: [answer] }), run([write('b', 1)])), runs(usual), yielding)).toBe('differs');
  });

  it('are not told apart by what others have of a lock', () => {
    const having = (writer: number, readers: number) => ({ tables: { vm: { lock: [{ writer, readers, waiting: 0 }] } }, allocated: {} });
    const left = (writer: number, readers: number) => runs(run([], { machine: having(writer, readers) }));
    expect(kind(left(2, 0), left(0, 2))).toBe('same');
    expect(kind(left(1, 0), left(0, 0))).toBe('differs');
    expect(kind(left(0, 1), left(0, 0))).toBe('differs');
  });

  it('take it only for what happens inside the functions that it names', () => {
    const judge = (functions: readonly [string, ...string[]]) => ({
      ...{ name: 'f', process: 0, calls: new Map(), params: [] },
      abstractions: [
        { functions: [...functions], leaves: { what: 'writes' as const, fields: ['vm.b'] }, because: 'for this test only, again' },
      ],
    });
    const more = runs(run([write('a', 1), write('b', 1, ['inner'])]));
    const less = runs(run([write('a', 1)]));
    expect(compareRuns(more, less, judge(['inner'])).kind).toBe('same');
    expect(compareRuns(more, less, judge(['other'])).kind).toBe('differs');
  });
});
