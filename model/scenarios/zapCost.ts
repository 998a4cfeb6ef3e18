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

const small: Bounds = { ...smallBounds, levels: 4, pages: 8, pgds: 1, gfns: 4, budget: 1 };
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
    'it decides; a root in use counts as no page.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 3 }),
    large: preset({ ...small, vcpus: 2, pages: 9, budget: 2 }),
  },
  variants: [
    { ...zapAll310, violated: ['I-33'], worst: { 'I-33': 3 } },
    { ...fastZap311, violated: [], worst: { 'I-33': 1 } },
    {
      name: 'v5.4',
      title: '2019 to 5.17: the batch counts too little',
      replacing: [...base2021.replacing, 'model/variants/2013-fast-zap/batchCount2019.ts'],
      violated: ['I-33'],
      worst: { 'I-33': 3 },
    },
    { ...fixed2021, name: 'v5.18', title: '5.18: every page counts', violated: [], worst: { 'I-33': 1 } },
  ],
  properties: [...rootProperties, 'I-30', 'I-33'],
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
