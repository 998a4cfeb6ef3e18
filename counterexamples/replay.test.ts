import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompiledSystem } from '../compiler/index.ts';
import { followUntil, type Goal, hunt } from '../explorer/index.ts';
import { readCorpus, replayCorpus } from './corpus.ts';
import { minimise } from './minimise.ts';
import { UnreadableTrace } from './read.ts';
import { rebuildTrace } from './rebuild.ts';
import { renderJson } from './render/json.ts';
import { renderReplay } from './render/replayText.ts';
import { replayTrace } from './replay.ts';
import type { Trace } from './schema.ts';
import { shortestPath } from './testing/shortestPath.ts';
import { doubleFree, lostUpdate, monitored, reversedLocks } from './testing/toys.ts';

const about = {
  fingerprint: 'abc123',
  scenario: 'toy',
  era: '',
  variant: '',
  model: 'a toy',
  subsystem: '',
  bounds: { summary: '', values: {} },
  shortest: true,
  notModelled: [],
};
const traceOf = (system: CompiledSystem, finding: Goal): Trace =>
  rebuildTrace({ system, path: shortestPath(system, finding), finding, about });

describe('replay', () => {
  it.each<[string, () => CompiledSystem, Goal]>([
    ['a state property', lostUpdate, { kind: 'property', index: 0 }],
    ['an event property', monitored, { kind: 'property', index: 0 }],
    ['an assertion', monitored, { kind: 'property', index: 1 }],
    ['a state that was asked for', monitored, { kind: 'property', index: 2 }],
    ['a fault', doubleFree, { kind: 'fault', fault: 'doubleFree' }],
    ['a deadlock', reversedLocks, { kind: 'deadlock' }],
  ])('of %s in the same model violates again, step for step', (_, make, goal) => {
    const trace = traceOf(make(), goal);
    const result = replayTrace(trace, make(), 'abc123');
    expect(result).toMatchObject({ stillViolates: true, violatingStep: trace.steps.length, sameModel: true, firstDifference: null });
    expect(result.path?.labels).toEqual(trace.steps.map((step) => step.label));
  });

  it('in a model that was mended says where the two part', () => {
    const trace = traceOf(lostUpdate(), { kind: 'property', index: 0 });
    const result = replayTrace(trace, lostUpdate('locked'), 'def456');
    expect(result).toMatchObject({ stillViolates: false, sameModel: false, violatingStep: null });
    expect(renderReplay(trace, result)).toMatchInlineSnapshot(`
      "does not violate T-1 counted any more
      steps taken: 1 of 4
      model: changed since the trace was made
      first difference: step 2: CPU 1 (P1) has no step here: it is blocked
      "
    `);
  });

  it('in a model whose defect moved still finds it, and says what is new', () => {
    const trace = traceOf(lostUpdate(), { kind: 'property', index: 0 });
    const result = replayTrace(trace, lostUpdate('byTwo'));
    expect(renderReplay(trace, result)).toMatchInlineSnapshot(`
      "still violates T-1 counted, at step 4
      steps taken: 4 of 4
      model: one side has no fingerprint, so nothing is known
      first difference: step 3: CPU 0 (P0) writes count: 0 -> 2 now, where the
        trace has count: 0 -> 1
      "
    `);
  });

  it('finds steps by their choices', () => {
    const trace = traceOf(monitored(), { kind: 'property', index: 0 });
    const [first] = trace.steps;
    if (first !== undefined) first.choices = [{ label: 'how much', value: 9 }];
    const { firstDifference, stillViolates } = replayTrace(trace, monitored());
    expect(stillViolates).toBe(false);
    expect(firstDifference).toEqual({
      step: 1,
      kind: 'choices',
      message: 'CPU 0 (P0) cannot choose how much = 9 here, but how much = 0; how much = 1; how much = 2',
    });
  });

  it('says that a property, a process or the initial state is another', () => {
    const trace = traceOf(lostUpdate(), { kind: 'property', index: 0 });
    const difference = (change: (copy: Trace) => void) => {
      const copy = structuredClone(trace);
      change(copy);
      return replayTrace(copy, lostUpdate()).firstDifference;
    };
    expect([
      difference((copy) => Object.assign(copy.property, { id: 'I-99' })),
      difference((copy) => Object.assign(copy.processes[1] ?? {}, { name: 'other' })),
      difference((copy) => copy.initial.push({ place: 'vm.count', name: 'count', value: { raw: 3, display: '3' } })),
    ]).toMatchInlineSnapshot(`
      [
        {
          "kind": "property",
          "message": "this model has no property I-99",
          "step": 0,
        },
        {
          "kind": "processes",
          "message": "process 1 was other, and is p1 now",
          "step": 0,
        },
        {
          "kind": "initial",
          "message": "the initial state differs in count: 3 in the trace, 0 now",
          "step": 0,
        },
      ]
    `);
  });
});

describe('minimise', () => {
  it('leaves out what a violation does not need', async () => {
    const system = lostUpdate();
    const goal: Goal = { kind: 'property', index: 0 };
    const { found } = await hunt(system, { seed: 2, stepsMax: 20 });
    if (found === null) throw new Error('the hunt finds the lost update');
    const short = minimise(system, found, goal);
    expect(short.labels).toHaveLength(shortestPath(system, goal).labels.length);
    expect(followUntil(system, short.initial, short.labels, goal, 'stop').met).toBe(true);
  });

  it('drops labels that are not enabled, and all that come after the goal', () => {
    const system = reversedLocks();
    const { initial, labels } = shortestPath(system, { kind: 'deadlock' });
    expect(minimise(system, { initial, labels: [7, ...labels, 7, 0] }, { kind: 'deadlock' }).labels).toHaveLength(2);
  });

  it('refuses a path that does not get there', () => {
    const system = reversedLocks();
    expect(() => minimise(system, { initial: system.initialStates()[0] ?? new Int32Array(), labels: [0] }, { kind: 'deadlock' })).toThrow(
      RangeError,
    );
  });
});

describe('the corpus', () => {
  it('is read in order and run again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corpus-'));
    await writeFile(join(folder, 'b.json'), renderJson(traceOf(reversedLocks(), { kind: 'deadlock' })));
    await writeFile(join(folder, 'a.json'), renderJson(traceOf(lostUpdate(), { kind: 'property', index: 0 })));
    await writeFile(join(folder, 'README.md'), 'kept traces');
    const corpus = await readCorpus(folder);
    const results = replayCorpus(corpus, (trace) => ({
      system: trace.property.id === 'deadlock' ? reversedLocks() : lostUpdate(),
      fingerprint: trace.fingerprint,
    }));
    expect(results.map(({ file, result }) => [file, result.stillViolates, result.sameModel])).toEqual([
      ['a.json', true, true],
      ['b.json', true, true],
    ]);
    await writeFile(join(folder, 'c.json'), '{}');
    await expect(readCorpus(folder)).rejects.toThrow(UnreadableTrace);
  });
});
