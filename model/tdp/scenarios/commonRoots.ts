/** What scenarios share in which vCPUs load and drop roots of the TDP MMU. */
import type { ScenarioProcess, ScenarioVariant } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { smallBounds, tdpFiles } from './common.ts';

/** A vCPU has no process of its own in the other scenarios. */
const others = ['vcpu', 'prologue'].map((name) => `model/tdp/procedures/${name}.ts`);
export const rootFiles: readonly string[] = [
  'model/procedures/requests.ts',
  ...tdpFiles.filter((file) => !others.includes(file)),
  ...['vcpuRoots', 'zapRoots', 'enter', 'zapWorker', 'prologueRoots'].map((name) => `model/tdp/procedures/${name}.ts`),
  'model/tdp/interestingRoots.ts',
];
export const rootBounds: RootBounds = { ...smallBounds, loadsRoots: true };

/** Host loop and guest of each vCPU. */
export function vcpuProcesses(bounds: RootBounds): ScenarioProcess[] {
  return Array.from({ length: bounds.vcpus }, (_, v) => ({
    name: `vcpu${v}`,
    title: `vCPU ${v}`,
    procedure: 'vcpu_run',
    args: [v + 1],
    kind: 'essential',
  }));
}
/** A fast zap that has nothing to do with a memslot. */
export const zapAllProcess: ScenarioProcess = {
  name: 'zapper',
  title: 'set_nx_huge_pages()',
  procedure: 'set_nx_huge_pages',
  args: [],
  kind: 'essential',
};

/** Zaps roots in the versions that leave it to a worker; idle in the others. */
export const zapWorkerProcess: ScenarioProcess = {
  name: 'worker',
  title: 'kvm_tdp_mmu_zap workqueue',
  procedure: 'tdp_mmu_zap_wq',
  args: [],
  kind: 'essential',
};

const folder = 'model/tdp/variants';
export const roots612: Omit<ScenarioVariant, 'violated'> = {
  name: 'v6.12',
  title: '6.9 to 6.12: roots are loaded and dropped with the read lock',
  replacing: [],
};
export const roots68: Omit<ScenarioVariant, 'violated'> = {
  name: 'v6.8',
  title: '6.4 to 6.8: with the write lock',
  replacing: [`${folder}/v68Load.ts`],
};
/** What is not asked of them, and why. */
const withoutOwnReference = [{ id: 'X-14', reason: 'until 6.3 the TDP MMU has no reference of its own on a valid root' }];
export const roots63: Omit<ScenarioVariant, 'violated'> = {
  name: 'v6.3',
  title: '5.18 to 6.3: a worker zaps roots',
  replacing: [`${folder}/v68Load.ts`, `${folder}/v63Roots.ts`],
  exempt: withoutOwnReference,
};
export const roots515: Omit<ScenarioVariant, 'violated' | 'name' | 'title'> = {
  replacing: [`${folder}/v68Load.ts`, `${folder}/v515Roots.ts`],
  exempt: withoutOwnReference,
};
