/**
 * 3.3 E, cached: the same with a root that the vCPU only has in its cache.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, levels: 1, pages: 2, pgds: 2, gfns: 2, budget: 1 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [
      ...vcpuProcesses(bounds),
      { name: 'emulator', title: 'kvm_mmu_unprotect_page()', procedure: 'kvm_mmu_unprotect_page', args: [0], kind: 'essential' },
    ],
  };
}

export const requestOrderCached: Scenario = {
  name: '3.3 E cached',
  title: 'the request before a cached root is invalid',
  era: '2021',
  about:
    'One vCPU runs on PGD 1, caches the root of PGD 0 and faults; another thread gives up emulating a write to the table of PGD 0 and zaps ' +
    'that root. The guest does not switch back.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_cached', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 2, pages: 5, gfns: 4, budget: 3 }),
    large: preset({ ...small, levels: 2, fanout: 2, pages: 8, gfns: 6, budget: 4 }),
  },
  variants: [
    { ...fixed2021, violated: [] },
    {
      name: 'order',
      title: 'mutant: the request in its old place',
      replacing: ['model/variants/2021-obsolete-roots/requestBeforeInvalid.ts'],
      violated: ['I-10', 'I-11'],
    },
  ],
  properties: [...rootProperties, 'I-07'],
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
