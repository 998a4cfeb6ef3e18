/**
 * 3.3 F: the roots of both MMUs of a vCPU become obsolete at once.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, nxProcess, posted2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, levels: 1, pages: 6, pgds: 3, gfns: 3, budget: 3, batch: 0 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, directL1: true, guestNests: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), nxProcess],
  };
}

export const bothMmus: Scenario = {
  name: '3.3 F',
  title: 'a service that forgets guest_mmu',
  era: '2021',
  about:
    'L1, on a direct root, has run L2 with two EPTPs; a change of the NX parameter zaps everything while L1 enters and leaves L2. Neither ' +
    'faults, and L1 writes to no table.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_nested', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 4, pages: 7 }),
    large: preset({ ...small, budget: 6, pages: 8, prevRoots: 2 }),
  },
  variants: [
    { ...posted2021, violated: ['I-04', 'I-10', 'I-39', 'I-48'] },
    { ...fixed2021, violated: [] },
    {
      name: 'rootMmuOnly',
      title: 'twin: only root_mmu is looked at',
      replacing: ['model/variants/2021-obsolete-roots/rootMmuOnly.ts'],
      violated: ['I-04', 'I-10', 'I-39', 'I-48'],
    },
  ],
  properties: [...rootProperties, 'I-30', 'I-38'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};
