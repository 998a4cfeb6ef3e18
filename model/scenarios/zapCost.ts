/**
 * 3.1 A: what one hold of mmu_lock costs when a memslot is deleted.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import {
  base2021,
  everyVcpu,
  fastZap311,
  fixed2021,
  memslotProcess,
  rootProperties,
  scenarioFiles,
  smallBounds,
  vcpuProcesses,
  zapAll310,
} from './common.ts';

/**
 * A batch of two, so that pages which count one each must add up to it, and a chain of tables that is longer than the bound: the root in use
 * counts as none, and of the four tables below it a zap that never fills its batch takes four, where a batch and one subtree are three.
 */
const small: Bounds = { ...smallBounds, levels: 5, pages: 10, pgds: 1, gfns: 5, budget: 1, batch: 2 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), memslotProcess],
  };
}

export const zapCost: Scenario = {
  name: '3.1 A',
  title: 'pages zapped in one hold of mmu_lock',
  era: '2013',
  about:
    'A memslot is deleted while a vCPU, whose root has a chain of tables below it, faults. A check whether to yield ends a hold, whatever ' +
    'it decides; a root in use counts as no page. A batch is two pages (ten in the kernel), and is counted from zero again only after a yield, ' +
    'not where the walk starts again.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 3 }),
    large: preset({ ...small, vcpus: 2, pages: 11, budget: 2 }),
  },
  variants: [
    { ...zapAll310, violated: ['I-33'], worst: { 'I-33': 4 } },
    { ...fastZap311, violated: [], worst: { 'I-33': 2 } },
    {
      name: 'v5.4',
      title: '2019 to 5.17: the batch counts too little',
      replacing: [...base2021.replacing, 'model/variants/2013-fast-zap/batchCount2019.ts'],
      violated: ['I-33'],
      worst: { 'I-33': 4 },
    },
    { ...fixed2021, name: 'v5.18', title: '5.18: every page counts', violated: [], worst: { 'I-33': 2 } },
  ],
  properties: [...rootProperties, 'I-30', 'I-33'],
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
