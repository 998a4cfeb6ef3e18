/**
 * 3.1 E: active_mmu_pages is a FIFO, and the zapper relies on it.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fastZap311, fixed2021, nxProcess, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, pages: 6, pgds: 1, gfns: 2, budget: 1, batch: 0 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), nxProcess],
  };
}

export const fifo: Scenario = {
  name: '3.1 E',
  title: 'new pages at the tail of the active list',
  era: '2013',
  about: 'A change of the NX parameter zaps everything while a vCPU, on a root with one table, faults.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, pages: 8, gfns: 3, budget: 2 }),
    large: preset({ ...small, levels: 3, pages: 9, gfns: 3, budget: 4 }),
  },
  variants: [
    { ...fastZap311, violated: [] },
    { ...fixed2021, title: '5.18.y: new pages at the head', violated: [] },
    {
      name: 'tail',
      title: 'mutant: new pages at the tail',
      replacing: ['model/variants/2013-fast-zap/tailAdd.ts'],
      violated: ['I-12', 'I-30'],
    },
  ],
  properties: [...rootProperties, 'I-30', 'I-33'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};
