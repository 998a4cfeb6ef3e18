/**
 * 2.10: a guest that switches among more PGDs than the cache of roots holds.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { base2021, everyVcpu, fixed2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, pages: 6, prevRoots: 2, pgds: 4, gfns: 8, budget: 5, watchCache: true };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestSwitchesPgd: everyVcpu(bounds) },
    processes: vcpuProcesses(bounds),
  };
}

export const morePgds: Scenario = {
  name: '2.10',
  title: 'more PGDs than the cache of roots holds',
  era: '2021',
  about:
    'One vCPU runs on PGD 1 and caches PGD 0. Its guest loads one of four PGDs after the other, so that the oldest root has to go. Nothing is ' +
    'zapped, and the guest neither faults nor writes to a table.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_cached', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 8, pgds: 5, gfns: 10, prevRoots: 3, budget: 7 }),
    large: preset({ ...small, pages: 8, pgds: 5, gfns: 10, prevRoots: 3, budget: 9 }),
  },
  variants: [
    { ...base2021, violated: [] },
    { ...fixed2021, violated: [] },
  ],
  properties: [...rootProperties, 'X-02'],
  interesting: [{ name: 'the cache is full', predicate: 'interesting_cache_full' }],
};
