import { describe, expect, it } from 'vitest';
import type { EventPlace, LoneCalls, LoneRun, StatementEvent } from '../../compiler/index.ts';
import type { Abstraction } from './abstractions.ts';
import { compareGraphs, fitsGraphs, type GraphSide } from './sameGraphs.ts';
import { tooManyChoices, wayGraph } from './wayGraph.ts';

/** A procedure as a machine of its own: what it writes in a state, and where each answer of the choice there leads; null: it ends. */
type Toy = readonly { readonly writes: readonly number[]; readonly to: readonly number[] | null; readonly value?: number }[];

const u32 = { kind: 'int', min: 0, max: 99, overflow: 'wrap', underflow: 'wrap' } as const;
const position = { file: 'f.c', line: 1, column: 1, language: 'c' } as const;
const place: EventPlace = { table: 'vm', field: 'x', row: null, index: null, type: u32 };
const blank = { list: null, lock: null, row: null, choice: null, call: null, returned: null, monitor: null, assertion: null } as const;
const write = (after: number): StatementEvent => ({
  ...{ process: 0, kind: 'store', phase: 'kernel', position, statement: '', spec: 0, node: 0, reads: [], locals: [] },
  ...{ stack: ['call_alone', 'f'].map((procedure) => ({ procedure, title: procedure, spec: 0, position })), ...blank },
  ...{ condition: null, atomic: null, mark: null, fault: null, writes: [{ place, before: -1, after }] },
});

function sideOf(toy: Toy): GraphSide {
  const follow: LoneCalls['follow'] = (_, __, given) => {
    let at = 0;
    let [since, all] = [toy[0]?.writes ?? [], toy[0]?.writes ?? []];
    for (const answer of given) {
      at = toy[at]?.to?.[answer] ?? 0;
      since = toy[at]?.writes ?? [];
      all = [...all, ...since];
    }
    const events = since.map(write);
    const { to, value } = toy[at] ?? {};
    if (to != null) return { kind: 'choice', key: String(at), count: to.length, events };
    const ended = { fault: null, value: value ?? null, left: [], machine: { tables: {}, allocated: {} }, last: null, answers: [] };
    const run: LoneRun = { end: 'returned', events: all.map(write), ...ended };
    return { kind: 'end', run, events };
  };
  const entry = { process: 0, args: [], machine: { tables: {}, allocated: {} } };
  const call = { calls: { follow } as unknown as LoneCalls, entry, statements: 100 };
  const reading = { calls: new Map(), ownName: (name: string) => name, isAdapter: () => false };
  return { call, reading, graph: wayGraph(call, reading) ?? expect.fail(tooManyChoices) };
}
function compared(model: Toy, tree: Toy, ...abstractions: readonly Abstraction[]) {
  return compareGraphs(sideOf(model), sideOf(tree), { name: 'f', process: 0, calls: new Map(), params: [], abstractions });
}

/** So many choices one after another, each of which is told by what is written: 2^rounds ways, which all give 1. */
function rounds(count: number): Toy {
  const layers = Array.from({ length: count }, (_, k) => {
    const to = k === count - 1 ? null : [2 * k + 3, 2 * k + 4];
    return [0, 1].map((written) => ({ writes: [written], to, value: 1 }));
  });
  return [{ writes: [], to: [1, 2] }, ...layers.flat()];
}

describe('two procedures with many ways', () => {
  it('are the same, or differ at the end of one of 2^40 ways', () => {
    const long = rounds(40);
    expect(compared(long, long)).toEqual({ kind: 'same' });
    const other = long.map((one, k) => (k === long.length - 1 ? { ...one, value: 2 } : one));
    expect(compared(long, other)).toMatchObject({
      kind: 'differs',
      parting: { common: 40, model: { run: { value: 1 } }, tree: { run: { value: 2 } } },
    });
    const more = long.map((one, k) => (k === 41 ? { ...one, writes: [7] } : one));
    expect(compared(long, more)).toMatchObject({ kind: 'differs', parting: { common: 20 } });
  });

  it('may make their choices earlier or later, and in another order', () => {
    const late: Toy = [
      { writes: [1], to: [1, 2] },
      { writes: [2], to: null },
      { writes: [3], to: null },
    ];
    const early: Toy = [
      { writes: [], to: [2, 1] },
      { writes: [1, 2], to: null },
      { writes: [1, 3], to: null },
    ];
    expect(compared(late, early)).toEqual({ kind: 'same' });
    const less: Toy = [{ writes: [1, 2], to: null }];
    expect(compared(late, less)).toMatchObject({ kind: 'differs', parting: { common: 1 } });
    expect(compared(less, late)).toMatchObject({ kind: 'differs', parting: { common: 1 } });
  });

  it('may go round as often as they like', () => {
    const loop: Toy = [
      { writes: [1], to: [0, 1] },
      { writes: [2], to: null },
    ];
    const unrolled: Toy = [
      { writes: [1], to: [1, 2] },
      { writes: [1], to: [0, 2] },
      { writes: [2], to: null },
    ];
    const twice: Toy = [
      { writes: [1], to: [1, 2] },
      { writes: [1], to: [2, 2] },
      { writes: [2], to: null },
    ];
    expect(compared(loop, unrolled)).toEqual({ kind: 'same' });
    expect(compared(loop, twice).kind).toBe('differs');
    expect(
      compared(
        [
          { writes: [], to: [0, 1] },
          { writes: [2], to: null },
        ],
        [{ writes: [2], to: null }],
      ),
    ).toEqual({ kind: 'same' });
  });

  it('take declared differences of single actions', () => {
    const writes: Abstraction = {
      functions: ['f'],
      leaves: { what: 'writes', fields: ['vm.x'] },
      because: 'for this test, and for nothing else',
    };
    const inside: Toy = [{ writes: [5], to: null }];
    expect(compared(inside, [{ writes: [], to: null }]).kind).toBe('differs');
    expect(fitsGraphs(writes)).toBe(true);
    expect(fitsGraphs({ ...writes, leaves: { what: 'yields', fields: ['vm.x'] } })).toBe(false);
    expect(compared(inside, [{ writes: [], to: null }], writes)).toEqual({ kind: 'same' });
  });
});
