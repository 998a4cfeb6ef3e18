/**
 * The reference interleaving C5 (a fault links a table below a root that was invalidated, behind the zapper's back), and the one of
 * 3.5 E: the search finds them, and the model takes them in the order in which they are told.
 */
import { describe, expect, it } from 'vitest';
import type { MachineState } from '../compiler/index.ts';
import { requestNumbers } from '../model/index.ts';
import type { Leg } from './testing/drive.ts';
import { cell, drivenTrace, foundTrace, mmuLock } from './testing/interleaving.ts';
import { inOrder, told } from './testing/told.ts';

const [vcpu, zapper, host] = [0, 1, 2];
const names = ['vcpu', 'zapper', 'host'];

const reads = (state: MachineState, process: number) => ((mmuLock(state).readers ?? 0) >> process) % 2 === 1;
const invalid = (state: MachineState) => cell(state, 'pages', 'role.invalid') === 1;
const requested = (state: MachineState, request: keyof typeof requestNumbers) =>
  ((Number(cell(state, 'vcpus', 'requests')) >> requestNumbers[request]) & 1) === 1;
/** Its lookup is done: `mmu_invalidate_seq` read, pfn found. */
const lookedUp = (state: MachineState) => cell(state, 'vcpus', 'faulting') === vcpu + 1;
const entry = (state: MachineState) => cell(state, 'pages', 'spt');

describe('C5: a fault links a table where the zapper has been', () => {
  const story = [
    'zapper: A.role.invalid: 0 -> 1',
    'zapper: vcpu.requests: none -> MMU_RELOAD',
    'vcpu: A.spt[0]: --- -> B',
    'vcpu: violates I-07',
    'zapper: violates I-30',
  ];
  const begins: Leg[] = [
    { what: 'V: mmu_seq read, pfn found', process: vcpu, until: lookedUp },
    { what: 'Z: W, root invalid, request', process: zapper, until: (s) => invalid(s) && requested(s, 'KVM_REQ_MMU_RELOAD') },
  ];

  it('is a shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.1-D-TDP', 'v5.15', 'I-30');
    expect(inOrder(trace, names, story)).toEqual(story);
  });

  it('happens as told', () => {
    const trace = drivenTrace('3.1-D-TDP', 'v5.15', 'I-30', [
      ...begins,
      {
        what: 'Z: R, passes the empty entry',
        process: zapper,
        until: (s) => reads(s, zapper) && cell(s, 'pages', 'tdp_mmu_root_count') === 1,
      },
      { what: 'V: R, links', process: vcpu, until: (s, violated) => entry(s) !== 0 && violated.includes('I-07') },
      { what: 'Z: ends', process: zapper, until: (_, violated) => violated.includes('I-30') },
    ]);
    expect(inOrder(trace, names, story)).toEqual(story);
  });

  it('stops at the check once faults look at the root', () => {
    expect(() =>
      drivenTrace('3.1-D-TDP', 'v5.16', 'I-30', [
        ...begins,
        { what: 'Z: drops W', process: zapper, until: (s) => mmuLock(s).writer === 0 },
        { what: 'V: links below A', process: vcpu, until: (s) => entry(s) !== 0 },
      ]),
    ).toThrow('V: links below A');
  });
});

describe('3.5 E: the host frees a page that a root to be zapped still maps', () => {
  const story = ['zapper: A.role.invalid: 0 -> 1', 'host: host_freed: 0 -> 1', 'zapper: violates I-29'];
  const legs: Leg[] = [
    { what: 'Z: between the request and the zap', process: zapper, until: (s) => invalid(s) && mmuLock(s).writer === 0 },
    { what: 'N returns; the host frees', process: host, until: (s) => cell(s, 'vm', 'host_freed') === 1 },
    { what: 'Z: writes back', process: zapper, until: (_, violated) => violated.includes('I-29') },
  ];

  it('is a shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.5-E', 'valid-only', 'I-29');
    expect(inOrder(trace, names, story)).toEqual(story);
    expect(told(trace, names)).not.toContain('host: violates I-20');
  });
  it('happens as told', () => {
    const trace = drivenTrace('3.5-E', 'valid-only', 'I-29', legs);
    expect(inOrder(trace, names, story)).toEqual(story);
  });
  it('has nothing to write back where notifiers walk all roots', () => {
    expect(() => drivenTrace('3.5-E', 'v6.12', 'I-29', legs)).toThrow('Z: writes back');
  });
});
