/**
 * The reference interleavings C6 (a flush that is owed when the lock is dropped) and C7 (frozen, and not flushed yet): the search finds
 * them, and the model takes them in the order in which they are told.
 */
import { describe, expect, it } from 'vitest';
import type { MachineState } from '../compiler/index.ts';
import { tdpConstantsOf } from '../model/index.ts';
import { findScenario } from './select.ts';
import type { Leg } from './testing/drive.ts';
import { cell, drivenTrace, foundTrace, mmuLock } from './testing/interleaving.ts';
import { inOrder } from './testing/told.ts';

const [zapper, host] = [0, 1];
const names = ['zapper', 'host', 'vcpu', 'rcu'];

const free = (state: MachineState) => mmuLock(state).writer === 0 && (mmuLock(state).readers ?? 0) === 0;
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
    expect(inOrder(await foundTrace('3.5-A', 'counter', 'I-20'), names, story)).toEqual(story);
  });
  it('happens as told', () => {
    expect(inOrder(drivenTrace('3.5-A', 'counter', 'I-20', legs), names, story)).toEqual(story);
  });
  it.each(['base', 'posted'])('is flushed before anybody else has the lock: %s', (variant) => {
    expect(() => drivenTrace('3.5-A', variant, 'I-20', legs)).toThrow('N: finds nothing, returns; the host frees');
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
    expect(inOrder(await foundTrace('3.5-C', 'both-shared', 'I-20'), names, story)).toEqual(story);
  });
  it('happens as told', () => {
    expect(inOrder(drivenTrace('3.5-C', 'both-shared', 'I-20', legs), names, story)).toEqual(story);
  });
  it('is safe if the second one always flushes', () => {
    expect(() => drivenTrace('3.5-C', 'both-flush', 'I-20', legs)).toThrow('N: finds nothing, returns; the host frees');
  });
});
