/**
 * The reference interleavings C1 (use of an obsolete root, as posted in 2021) and C2 (request before invalid): the
 * search finds them, and the model takes them exactly in the order in which they are told.
 */
import { describe, expect, it } from 'vitest';
import { compileSystem, type LockState, type MachineState } from '../compiler/index.ts';
import type { Trace } from '../counterexamples/index.ts';
import { goalOfId } from '../explorer/index.ts';
import { requestNumbers } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';
import { type FinishedRun, runSystem, traceOf, traceOfPath } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';
import { drive, type Leg } from './testing/drive.ts';
import { inOrder as inOrderOf, told as toldOf } from './testing/told.ts';

const [vcpu, zapper] = [0, 1];
const outside = 0;
const inGuest = 1;
/** Rows of pages, as references. */
const [none, A, C] = [0, 1, 3];

function choiceOf(scenarioName: string, variantName: string) {
  const scenario = findScenario(scenarioName);
  return { scenario, variant: findVariant(scenario, variantName), preset: 'small' as const };
}
function driven(scenario: string, variant: string, legs: readonly Leg[]): Trace {
  const choice = choiceOf(scenario, variant);
  const system = compileSystem(describeSystem(choice));
  const goal = goalOfId(system, 'I-04');
  if (goal === null) throw new Error('no I-04');
  return traceOfPath({ choice, system, fingerprint: '' }, drive(system, legs), goal, false);
}
const found = async (scenario: string, variant: string): Promise<Trace> => {
  const run: FinishedRun = await runSystem(choiceOf(scenario, variant));
  const trace = traceOf(run, 'I-04');
  if (trace === null) throw new Error('I-04 is not violated');
  return trace;
};

const names = ['vcpu', 'zapper'];
const told = (trace: Trace) => toldOf(trace, names);
const inOrder = (trace: Trace, milestones: readonly string[]) => inOrderOf(trace, names, milestones);

const cell = (state: MachineState, table: string, field: string, k = 0) => state.tables[table]?.[field]?.[k];
const lock = (state: MachineState): LockState => cell(state, 'vm', 'mmu_lock') as LockState;
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
    const trace = await found('3.3-A', 'posted');
    expect(inOrder(trace, ofVcpu)).toEqual(ofVcpu);
    expect(inOrder(trace, ofZapper)).toEqual(ofZapper);
    // A stays in the cache, neither invalid nor freed, until it is used again.
    expect(told(trace).filter((line) => /A\.role\.invalid|root_count: 1 -> 0/.test(line))).toEqual([]);
  });

  it('happens step by step as told', () => {
    const trace = driven('3.3-A', 'posted', [
      { what: '1: CR3 := B misses', process: vcpu, until: (s) => root(s) === none && previous(s) === A },
      {
        what: '2: W; g := 1; request',
        process: zapper,
        until: (s) => generation(s) === 1 && requested(s) && lock(s).writer === zapper + 1,
      },
      { what: '3: yields W', process: zapper, until: (s) => lock(s).writer === 0 && requested(s) },
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
      driven('3.3-A', 'fixed', [
        { what: '1', process: vcpu, until: (s) => root(s) === none && previous(s) === A },
        { what: '2', process: zapper, until: (s) => generation(s) === 1 && requested(s) },
        { what: '3', process: zapper, until: (s) => lock(s).writer === 0 && requested(s) },
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
    const trace = await found('3.3-E', 'order');
    expect(inOrder(trace, milestones)).toEqual(milestones);
  });

  it('happens step by step as told, with the vCPU in the guest and the IPI', () => {
    const trace = driven('3.3-E', 'order', [
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
