/**
 * 3.1 C: the request to drop roots against the change of the generation.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, nxProcess, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, levels: 1, pages: 2, pgds: 1, gfns: 1, budget: 1 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), nxProcess],
  };
}

export const zapOrder: Scenario = {
  name: '3.1 C',
  title: 'the request before the generation changes',
  era: '2013',
  about: 'A change of the NX parameter zaps everything while a vCPU on its only root faults.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_single', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 2, pages: 5, gfns: 2, budget: 3 }),
    large: preset({ ...small, levels: 2, fanout: 2, pages: 8, gfns: 3, budget: 4 }),
  },
  variants: [
    { ...fixed2021, violated: [] },
    {
      name: 'order',
      title: 'mutant: FREE_OBSOLETE_ROOTS first, then the generation',
      replacing: ['model/variants/2013-fast-zap/requestBeforeBump.ts'],
      violated: ['I-04', 'I-10', 'I-11'],
    },
    {
      name: 'reloadOrder',
      title: '5.17 with RELOAD first, then the generation: harmless in one hold of mmu_lock',
      replacing: [
        'model/variants/2021-obsolete-roots/requestBeforeInvalid.ts',
        'model/variants/2021-obsolete-roots/baseService.ts',
        'model/variants/2021-obsolete-roots/baseStale.ts',
        'model/variants/2013-fast-zap/reloadBeforeBump.ts',
      ],
      violated: [],
    },
  ],
  properties: [...rootProperties, 'I-07', 'I-30'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};
