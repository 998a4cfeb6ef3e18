/**
 * 3.3 B: a guest process exits; its root, cached by the vCPU, is zapped and must be let go of.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { base2021, everyVcpu, fixed2021, posted2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = smallBounds;
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestSwitchesPgd: everyVcpu(bounds), guestWritesPgd: everyVcpu(bounds) },
    processes: vcpuProcesses(bounds),
  };
}

export const retainedRoot: Scenario = {
  name: '3.3 B',
  title: 'a zapped root stays in the cache of roots',
  era: '2021',
  about:
    'One vCPU runs on the root of PGD 1 and caches that of PGD 0. Its guest switches between them and overwrites either table until it ' +
    'counts as flooded. The guest does not fault: no table below a root exists.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_cached', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 4, prevRoots: 2, pgds: 3, gfns: 6, budget: 8 }),
    large: preset({ ...small, pages: 7, prevRoots: 3, pgds: 4, gfns: 8, budget: 9 }),
  },
  variants: [
    { ...base2021, violated: ['I-36'] },
    { ...posted2021, violated: ['I-10', 'I-36'] },
    { ...fixed2021, violated: [] },
  ],
  properties: rootProperties,
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
