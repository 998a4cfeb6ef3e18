/**
 * 3.1 D: a fault that has looked its page up before everything is zapped.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import {
  base2021,
  everyVcpu,
  fixed2021,
  memslotProcess,
  rootProperties,
  scenarioFiles,
  smallBounds,
  unchecked515,
  vcpuProcesses,
} from './common.ts';

const small: Bounds = { ...smallBounds, pages: 4, pgds: 1, gfns: 2, budget: 1, batch: 0 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), memslotProcess],
  };
}

export const staleFault: Scenario = {
  name: '3.1 D',
  title: 'a fault links a table below an obsolete root',
  era: '2013',
  about:
    'A memslot is deleted while a vCPU faults in another one. SRCU makes the zapper wait for faults that began before the slot was marked.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_single', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, pages: 8, gfns: 3, parents: 2, budget: 2 }),
    large: preset({ ...small, levels: 3, pages: 10, gfns: 3, parents: 3, budget: 4 }),
  },
  variants: [
    { ...unchecked515, violated: ['I-07'] },
    { ...base2021, name: 'checked', title: '5.16 and 5.17: an obsolete root makes a fault retry', forms: ['fixed'], violated: [] },
    { ...fixed2021, violated: [] },
  ],
  properties: [...rootProperties, 'I-07', 'I-30', 'I-33'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};
