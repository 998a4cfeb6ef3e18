/**
 * 3.3 A: a fast zap of everything against a vCPU that switches PGDs, and so has its old root in the cache.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import {
  base2021,
  everyVcpu,
  fixed2021,
  nxProcess,
  posted2021,
  rootProperties,
  scenarioFiles,
  smallBounds,
  vcpuProcesses,
} from './common.ts';

const small: Bounds = { ...smallBounds, pages: 6, batch: 0 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestSwitchesPgd: everyVcpu(bounds), guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), nxProcess],
  };
}

export const obsoleteRoot: Scenario = {
  name: '3.3 A',
  title: 'a guest comes back to a root that a fast zap made obsolete',
  era: '2021',
  about:
    'A change of the NX parameter zaps everything while a vCPU, on the root of PGD 0 with one table below it, switches between two PGDs ' +
    'and faults. The guest writes to no table.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 9, prevRoots: 2, pgds: 3, gfns: 6, budget: 4 }),
    large: preset({ ...small, vcpus: 2, pages: 8, budget: 3 }),
  },
  variants: [
    { ...base2021, violated: ['I-36'] },
    { ...posted2021, violated: ['I-04', 'I-10', 'I-48'] },
    { ...fixed2021, violated: [] },
  ],
  properties: [...rootProperties, 'I-07', 'I-30', 'I-33'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};
