/**
 * The reference interleavings C6 (a flush that is owed when the lock is dropped) and C7 (frozen, and not flushed yet): the search finds
 * them, and the model takes them in the order in which they are told.
 */
import { describe, expect, it } from 'vitest';
import { compileSystem, type LockState, type MachineState } from '../compiler/index.ts';
import type { Trace } from '../counterexamples/index.ts';
import { goalOfId } from '../explorer/index.ts';
import { tdpConstantsOf } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';
import { runSystem, traceOf, traceOfPath } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';
import { drive, type Leg } from './testing/drive.ts';
import { inOrder } from './testing/told.ts';

const [zapper, host] = [0, 1];
const names = ['zapper', 'host', 'vcpu', 'rcu'];
function choiceOf(scenarioName: string, variantName: string) {
  const scenario = findScenario(scenarioName);
  return { scenario, variant: findVariant(scenario, variantName), preset: 'small' as const };
}
async function found(scenario: string, variant: string): Promise<Trace> {
  const trace = traceOf(await runSystem(choiceOf(scenario, variant)), 'I-20');
  if (trace === null) throw new Error('I-20 is not violated');
  return trace;
}
function driven(scenario: string, variant: string, legs: readonly Leg[]): Trace {
  const choice = choiceOf(scenario, variant);
  const system = compileSystem(describeSystem(choice));
  const goal = goalOfId(system, 'I-20');
  if (goal === null) throw new Error('no I-20');
  return traceOfPath({ choice, system, fingerprint: '' }, drive(system, legs), goal, false);
}

const cell = (state: MachineState, table: string, field: string, k = 0) => state.tables[table]?.[field]?.[k];
const lock = (state: MachineState): LockState => cell(state, 'vm', 'mmu_lock') as LockState;
const free = (state: MachineState) => lock(state).writer === 0 && (lock(state).readers ?? 0) === 0;
/** The one leaf: entry 0 of table B. */
const leaf = (state: MachineState) => cell(state, 'pages', 'spt', 1);
const frees: Leg = { what: 'N: finds nothing, returns; the host frees', process: host, until: (_, violated) => violated.includes('I-20') };

describe('C6: SPTEs are gone, the lock is dropped, and nobody has flushed', () => {
  const story = ['zapper: B.spt[0]: pfn 0 W -> ---', 'host: host_freed: 0 -> 1', 'host: violates I-20'];
  const legs: Leg[] = [
    { what: 'Z: clears the SPTE, owes a flush, unlocks', process: zapper, until: (s) => leaf(s) === 0 && free(s) },
    frees,
  ];

  it('is a shortest trace that the search finds', async () => {
    expect(inOrder(await found('3.5-A', 'counter'), names, story)).toEqual(story);
  });
  it('happens as told', () => {
    expect(inOrder(driven('3.5-A', 'counter', legs), names, story)).toEqual(story);
  });
  it.each(['base', 'posted'])('is flushed before anybody else has the lock: %s', (variant) => {
    expect(() => driven('3.5-A', variant, legs)).toThrow('N: finds nothing, returns; the host frees');
  });
});

describe('C7: frozen is not present, and another zapper does not flush for it', () => {
  const story = ['zapper: B.spt[0]: pfn 0 W -> FROZEN', 'host: host_freed: 0 -> 1', 'host: violates I-20'];
  const { presets } = findScenario('3.5-C');
  const frozen = tdpConstantsOf(presets.small.bounds, presets.small.options).get('FROZEN_SPTE')?.value;
  /** The reference leaves out that both announce themselves with the write lock, before either has the read lock. */
  const legs: Leg[] = [
    { what: 'Z2: begins', process: host, until: (s) => cell(s, 'vm', 'mmu_invalidate_in_progress') === 1 && free(s) },
    { what: 'Z1: freezes', process: zapper, until: (s) => leaf(s) === frozen },
    frees,
  ];

  it('is a shortest trace that the search finds', async () => {
    expect(inOrder(await found('3.5-C', 'both-shared'), names, story)).toEqual(story);
  });
  it('happens as told', () => {
    expect(inOrder(driven('3.5-C', 'both-shared', legs), names, story)).toEqual(story);
  });
  it('is safe if the second one always flushes', () => {
    expect(() => driven('3.5-C', 'both-flush', legs)).toThrow('N: finds nothing, returns; the host frees');
  });
});
