/**
 * What scenarios of the TDP MMU share.
 */
import type { Bounds } from '../../machine/index.ts';
import type { ScenarioProcess } from '../../scenario.ts';

/** Smallest machine; each scenario changes what it must. Bounds that only the shadow MMU has are zero. */
export const smallBounds: Bounds = {
  vcpus: 1,
  pages: 2,
  fanout: 1,
  levels: 2,
  prevRoots: 0,
  paeRoots: 0,
  pgds: 0,
  gfns: 1,
  parents: 0,
  budget: 1,
  flood: 0,
  batch: 0,
  quota: 0,
  generationBits: 0,
  mmuLock: 'rwlock',
};

export const tdpFiles: readonly string[] = [
  ...[
    'spte',
    'iter',
    'rcu',
    'flush',
    'roots',
    'setSpte',
    'zap',
    'invalidate',
    'split',
    'fault',
    'srcu',
    'hardware',
    'fastFault',
    'faultRecord',
    'vcpu',
    'prologue',
  ].map((name) => `model/tdp/procedures/${name}.ts`),
  'model/tdp/interesting.ts',
];

/** Properties of every change of an SPTE. */
export const changeProperties: readonly string[] = ['I-18', 'I-42', 'I-43', 'I-44', 'I-47', 'X-14'];

/** What dirty logging adds. */
export const dirtyLogFiles: readonly string[] = [
  ...tdpFiles,
  ...['splitHuge', 'clearDirty', 'clearDirtyMasked', 'dirtyLog', 'clearDirtyLog'].map((name) => `model/tdp/procedures/${name}.ts`),
];

/** A vCPU's thread, whose guest faults. Its hardware needs no process. */
export const vcpuProcess: ScenarioProcess = { name: 'vcpu0', title: 'vCPU 0', procedure: 'vcpu_run', args: [1], kind: 'essential' };

/** KVM zaps [start, end) for a reason of its own. */
export function zapProcess(start: number, end: number): ScenarioProcess {
  return { name: 'zapper', title: 'kvm_zap_gfn_range()', procedure: 'kvm_zap_gfn_range', args: [start, end], kind: 'essential' };
}
/** The host takes the pages behind [start, end) away. */
export function hostProcess(start: number, end: number): ScenarioProcess {
  return { name: 'host', title: 'mmu notifier', procedure: 'host_unmap', args: [start, end], kind: 'essential' };
}
/** Frees tables after grace periods. */
export const rcuProcess: ScenarioProcess = { name: 'rcu', title: 'RCU', procedure: 'rcu_grace_periods', args: [], kind: 'daemon' };
