/**
 * 3.1 D: a fault that has looked its page up before everything is zapped, with shadow paging and with TDP that builds its tables in the shadow MMU.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import {
  base2021,
  everyVcpu,
  fixed2021,
  memslotProcess,
  rootProperties,
  scenarioFiles,
  smallBounds,
  unchecked515,
  vcpuProcesses,
} from './common.ts';

const small: Bounds = { ...smallBounds, pages: 4, pgds: 1, gfns: 2, budget: 1, batch: 0 };
function preset(bounds: Bounds, directL1 = false): Preset {
  return {
    bounds,
    options: { tdp_enabled: directL1, directL1, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), memslotProcess],
  };
}

export const staleFault: Scenario = {
  name: '3.1 D',
  title: 'a fault links a table below an obsolete root',
  era: '2013',
  about:
    'A memslot is deleted while a vCPU faults in another one. SRCU makes the zapper wait for faults that began before the slot was marked.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_single', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, pages: 8, gfns: 3, parents: 2, budget: 2 }),
    large: preset({ ...small, levels: 3, pages: 10, gfns: 3, parents: 3, budget: 4 }),
  },
  variants: [
    { ...unchecked515, violated: ['I-07'] },
    { ...base2021, name: 'checked', title: '5.16 and 5.17: an obsolete root makes a fault retry', forms: ['fixed'], violated: [] },
    { ...fixed2021, violated: [] },
  ],
  properties: [...rootProperties, 'I-07', 'I-30', 'I-33'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};

export const staleFaultDirect: Scenario = {
  ...staleFault,
  name: '3.1 D direct',
  title: 'a fault links a table below an obsolete root that is direct',
  takesPatches: [
    'direct_page_fault',
    'direct_map',
    'kvm_tdp_page_fault',
    'is_page_fault_stale',
    'mmu_alloc_direct_roots',
    'mmu_alloc_root',
    'kvm_mmu_load',
    'kvm_mmu_reload',
  ],
  properties: [...staleFault.properties, 'X-15'],
  about:
    'A memslot is deleted while a vCPU faults in another one; the quota is two pages, so faults and loads recycle; KVM uses TDP without the TDP MMU, so the root translates no table of the guest. SRCU makes ' +
    'the zapper wait for faults that began before the slot was marked.',
  presets: {
    small: preset({ ...small, quota: 2 }, true),
    medium: preset({ ...small, levels: 3, pages: 8, gfns: 3, parents: 2, budget: 2, quota: 3 }, true),
    large: preset({ ...small, levels: 3, pages: 10, gfns: 3, parents: 3, budget: 4, quota: 3 }, true),
  },
};
