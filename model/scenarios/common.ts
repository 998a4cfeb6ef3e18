/**
 * What several scenarios share.
 */
import type { Bounds } from '../machine/index.ts';
import { procedureFiles, type ScenarioProcess, type ScenarioVariant } from '../scenario.ts';

/** Smallest machine of the 2021 scenarios; each changes what it must. */
export const smallBounds: Bounds = {
  vcpus: 1,
  pages: 3,
  fanout: 1,
  levels: 2,
  prevRoots: 1,
  paeRoots: 1,
  pgds: 2,
  gfns: 4,
  parents: 1,
  budget: 3,
  flood: 3,
  batch: 1,
  quota: 8,
  generationBits: 1,
  mmuLock: 'rwlock',
};

/** A bit for each vCPU. */
export function everyVcpu(bounds: Bounds): number {
  return 2 ** bounds.vcpus - 1;
}

/** Host loop of a vCPU. */
export function vcpuProcess(index: number): ScenarioProcess {
  return { name: `vcpu${index}`, title: `vCPU ${index}`, procedure: 'vcpu_run', args: [index + 1], kind: 'essential' };
}
export function vcpuProcesses(bounds: Bounds): ScenarioProcess[] {
  return Array.from({ length: bounds.vcpus }, (_, i) => vcpuProcess(i));
}
/** The thread that zaps everything without changing a memslot. */
export const nxProcess: ScenarioProcess = {
  name: 'zapper',
  title: 'set_nx_huge_pages()',
  procedure: 'set_nx_huge_pages',
  args: [],
  kind: 'essential',
};

/** The thread that deletes a memslot. */
export const memslotProcess: ScenarioProcess = {
  name: 'zapper',
  title: 'kvm_delete_memslot()',
  procedure: 'kvm_delete_memslot',
  args: [],
  kind: 'essential',
};

export const scenarioFiles: readonly string[] = [...procedureFiles, 'model/prologues/roots.ts', 'model/scenarios/interesting.ts'];

const folder2021 = 'model/variants/2021-obsolete-roots';
export const base2021: Omit<ScenarioVariant, 'violated'> = {
  name: 'base',
  title: '5.17: RELOAD',
  forms: ['base'],
  replacing: [`${folder2021}/base.ts`, `${folder2021}/baseService.ts`, `${folder2021}/baseStale.ts`, `${folder2021}/baseRootCache.ts`],
};
export const posted2021: Omit<ScenarioVariant, 'violated'> = {
  name: 'posted',
  title: 'mail of December 2021, v5.18.0',
  forms: ['posted', 'merged'],
  replacing: [`${folder2021}/posted.ts`],
};
export const fixed2021: Omit<ScenarioVariant, 'violated'> = {
  name: 'fixed',
  title: '5.18.y and 5.19, cf4a8693d97a',
  forms: ['fixed'],
  replacing: [],
};

const folder2013 = 'model/variants/2013-fast-zap';
/** Before 5.9 zapped roots went back to the active list. */
export const invalidOnActiveList = [{ id: 'I-14', reason: 'until 5.8 a root that was zapped in use went back to the active list' }];
export const zapAll310: Omit<ScenarioVariant, 'violated'> = {
  name: 'v3.10',
  title: 'up to 3.10: all pages under one hold of mmu_lock',
  forms: ['base'],
  replacing: [`${folder2013}/v310.ts`, `${folder2013}/v310ZapAll.ts`, `${folder2021}/baseService.ts`, `${folder2013}/staleUnchecked.ts`],
  exempt: invalidOnActiveList,
};
export const fastZap311: Omit<ScenarioVariant, 'violated'> = {
  name: 'v3.11',
  title: '3.11: generation number, batches',
  forms: ['merged'],
  replacing: [`${folder2013}/v311.ts`, `${folder2021}/baseService.ts`, `${folder2013}/staleUnchecked.ts`],
  exempt: invalidOnActiveList,
};
export const unchecked515: Omit<ScenarioVariant, 'violated'> = {
  name: 'unchecked',
  title: '5.9 to 5.15: faults do not look at the root',
  forms: ['merged'],
  replacing: [`${folder2021}/base.ts`, `${folder2021}/baseService.ts`, `${folder2013}/staleUnchecked.ts`],
};

/** What every scenario of roots checks. */
export const rootProperties: readonly string[] = [
  'I-01',
  'I-02',
  'I-03',
  'I-04',
  'I-05',
  'I-08',
  'I-10',
  'I-11',
  'I-12',
  'I-13',
  'I-14',
  'I-15',
  'I-26',
  'I-27',
  'I-35',
  'I-36',
  'I-39',
  'I-48',
  'I-51',
  'X-01',
];
