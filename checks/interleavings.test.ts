/**
 * The reference interleavings C1 (use of an obsolete root, as posted in 2021) and C2 (request before invalid): the
 * search finds them, and the model takes them exactly in the order in which they are told.
 */
import { describe, expect, it } from 'vitest';
import type { MachineState } from '../compiler/index.ts';
import type { Trace } from '../counterexamples/index.ts';
import { requestNumbers } from '../model/index.ts';
import { cell, drivenTrace, foundTrace, mmuLock } from './testing/interleaving.ts';
import { inOrder as inOrderOf, told as toldOf } from './testing/told.ts';

const [vcpu, zapper] = [0, 1];
const outside = 0;
const inGuest = 1;
/** Rows of pages, as references. */
const [none, A, C] = [0, 1, 3];

const names = ['vcpu', 'zapper'];
const told = (trace: Trace) => toldOf(trace, names);
const inOrder = (trace: Trace, milestones: readonly string[]) => inOrderOf(trace, names, milestones);

const requested = (state: MachineState) => {
  const number = requestNumbers.KVM_REQ_MMU_FREE_OBSOLETE_ROOTS ?? 0;
  return ((Number(cell(state, 'vcpus', 'requests')) >> number) & 1) === 1;
};
const root = (state: MachineState) => cell(state, 'mmus', 'root.hpa');
const previous = (state: MachineState) => cell(state, 'mmus', 'prev_roots.hpa');
const mode = (state: MachineState) => cell(state, 'vcpus', 'mode');
const generation = (state: MachineState) => cell(state, 'vm', 'mmu_valid_gen');

describe('C1: a guest comes back to a root that a fast zap made obsolete, as posted', () => {
  const ofVcpu = [
    'vcpu: guest loads CR3 = 1',
    'vcpu: root_mmu.root.hpa: A -> none',
    'vcpu: root_mmu.prev_roots[0].hpa: none -> A',
    'zapper: take mmu_lock',
    'zapper: mmu_valid_gen: 0 -> 1',
    'zapper: vcpu.requests: none -> MMU_FREE_OBSOLETE_ROOTS',
    'vcpu: vcpu.requests: MMU_FREE_OBSOLETE_ROOTS -> none',
    'vcpu: root_mmu.root.hpa: none -> C',
    'vcpu: kvm_x86_vcpu_run()',
    'vcpu: guest loads CR3 = 1',
    'vcpu: root_mmu.root.hpa: C -> A',
    'vcpu: root_mmu.prev_roots[0].hpa: A -> C',
    'vcpu: kvm_x86_vcpu_run()',
    'vcpu: violates I-04',
  ];
  const ofZapper = [
    'zapper: vcpu.requests: none -> MMU_FREE_OBSOLETE_ROOTS',
    'zapper: yield mmu_lock = 1',
    'zapper: drop mmu_lock',
    'vcpu: take mmu_lock',
    'vcpu: root_mmu.root.hpa: none -> C',
  ];

  it('is the shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.3-A', 'posted', 'I-04');
    expect(inOrder(trace, ofVcpu)).toEqual(ofVcpu);
    expect(inOrder(trace, ofZapper)).toEqual(ofZapper);
    // A stays in the cache, neither invalid nor freed, until it is used again.
    expect(told(trace).filter((line) => /A\.role\.invalid|root_count: 1 -> 0/.test(line))).toEqual([]);
  });

  it('happens step by step as told', () => {
    const trace = drivenTrace('3.3-A', 'posted', 'I-04', [
      { what: '1: CR3 := B misses', process: vcpu, until: (s) => root(s) === none && previous(s) === A },
      {
        what: '2: W; g := 1; request',
        process: zapper,
        until: (s) => generation(s) === 1 && requested(s) && mmuLock(s).writer === zapper + 1,
      },
      { what: '3: yields W', process: zapper, until: (s) => mmuLock(s).writer === 0 && requested(s) },
      { what: '4: services and keeps A', process: vcpu, until: (s) => !requested(s) && previous(s) === A },
      { what: '5: new root B, enters', process: vcpu, until: (s) => root(s) === C && mode(s) === inGuest },
      { what: '5: exits', process: vcpu, until: (s) => mode(s) === outside },
      { what: '6: hit', process: vcpu, until: (s) => root(s) === A && previous(s) === C && !requested(s) },
      { what: '7: enters on A', process: vcpu, until: (_, violated) => violated.includes('I-04') },
    ]);
    expect(inOrder(trace, [...ofVcpu.slice(0, 6), ...ofZapper.slice(1, 3), ...ofVcpu.slice(6)])).toHaveLength(ofVcpu.length + 2);
  });

  it('stops at the service once the loop looks at the previous root', () => {
    expect(() =>
      drivenTrace('3.3-A', 'fixed', 'I-04', [
        { what: '1', process: vcpu, until: (s) => root(s) === none && previous(s) === A },
        { what: '2', process: zapper, until: (s) => generation(s) === 1 && requested(s) },
        { what: '3', process: zapper, until: (s) => mmuLock(s).writer === 0 && requested(s) },
        { what: '4: services', process: vcpu, until: (s) => !requested(s) },
        { what: '6: a hit on A', process: vcpu, until: (s) => root(s) === A },
      ]),
    ).toThrow('6: a hit on A');
  });
});

describe('C2: the request before the root is invalid', () => {
  const milestones = [
    'zapper: take mmu_lock',
    'zapper: active_mmu_pages: [A] -> empty',
    'zapper: vcpu.requests: none -> MMU_FREE_OBSOLETE_ROOTS',
    'vcpu: vcpu.requests: MMU_FREE_OBSOLETE_ROOTS -> none',
    'zapper: A.role.invalid: 0 -> 1',
    'zapper: violates I-11',
    'vcpu: violates I-04',
  ];

  it('is the shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.3-E', 'order', 'I-04');
    expect(inOrder(trace, milestones)).toEqual(milestones);
  });

  it('happens step by step as told, with the vCPU in the guest and the IPI', () => {
    const trace = drivenTrace('3.3-E', 'order', 'I-04', [
      { what: 'V in guest on A', process: vcpu, until: (s) => mode(s) === inGuest && cell(s, 'vcpus', 'inGuest') === 1 },
      { what: 'Z: unlinks, request, IPI', process: zapper, until: (s) => requested(s) && cell(s, 'vcpus', 'ipi') === 1 },
      {
        what: 'V exits, services, keeps A',
        process: vcpu,
        until: (s) => !requested(s) && root(s) === A && cell(s, 'vcpus', 'ipi') === 0 && mode(s) === inGuest,
      },
      { what: 'Z: invalid := 1', process: zapper, until: (_, violated) => violated.includes('I-11') },
      { what: 'V enters on A', process: vcpu, until: (_, violated) => violated.includes('I-04') },
    ]);
    expect(inOrder(trace, milestones)).toEqual(milestones);
    expect(inOrder(trace, ['zapper: vcpu.ipi: 0 -> 1', 'vcpu: vcpu.ipi: 1 -> 0', 'zapper: A.role.invalid: 0 -> 1'])).toHaveLength(3);
  });
});
