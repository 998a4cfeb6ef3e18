/**
 * 2.10: a guest that switches among more PGDs than the cache of roots holds.
 */
import type { Bounds, ModelOptions } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { base2021, everyVcpu, fixed2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, pages: 6, prevRoots: 2, pgds: 4, gfns: 8, budget: 5, watchCache: true };
function preset(bounds: Bounds, options: Partial<ModelOptions> = { guestSwitchesPgd: everyVcpu(bounds) }): Preset {
  return { bounds, options: { tdp_enabled: false, ...options }, processes: vcpuProcesses(bounds) };
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

const nests: Partial<ModelOptions> = { tdp_enabled: true, directL1: true, guestNests: everyVcpu(small) };
const nested: Bounds = { ...small, pgds: 3, gfns: 6, prevRoots: 1, budget: 6 };

export const moreEptps: Scenario = {
  ...morePgds,
  name: '2.10 nested',
  title: 'more EPTPs than the cache of roots holds',
  about:
    'L1 runs L2 with one of three EPTPs after the other, twice with the same one perhaps, on a vCPU that caches one root beside the current. ' +
    'Nothing is zapped, and the guests neither fault nor write to a table.',
  prologue: { procedure: 'prologue_nested', args: [] },
  presets: {
    small: preset(nested, nests),
    medium: preset({ ...nested, pages: 8, pgds: 4, gfns: 8, prevRoots: 2, budget: 8 }, nests),
    large: preset({ ...nested, pages: 8, pgds: 4, gfns: 8, prevRoots: 2, budget: 10 }, nests),
  },
};
