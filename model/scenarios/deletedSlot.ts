/**
 * 2.21 in the shadow MMU: the memslot that the guest uses is deleted.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, memslotProcess, rootProperties, scenarioFiles, smallBounds, unchecked515, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, levels: 2, pages: 4, pgds: 1, gfns: 2, budget: 1, memslots: true };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), memslotProcess],
  };
}
const folder = 'model/variants/memslots';
const files = [`${folder}/slotFault.ts`, `${folder}/slotDelete.ts`];

export const deletedSlotShadow: Scenario = {
  name: '2.21 shadow',
  title: 'a memslot is deleted while its pages are shadowed',
  era: '2021',
  about: 'User space deletes the memslot with all pages of the guest but its tables, while a vCPU faults in it.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, fanout: 2, pages: 5, gfns: 4, budget: 2 }),
    large: preset({ ...small, vcpus: 2, pages: 6, budget: 2 }),
  },
  variants: [
    { ...fixed2021, title: '5.19: everything is zapped, and faults look at their root', forms: [], replacing: files, violated: [] },
    {
      ...unchecked515,
      name: 'v5.15',
      title: '5.9 to 5.15: faults do not look at the root; those that used the slot are waited for',
      forms: [],
      replacing: [...unchecked515.replacing, ...files],
      violated: [],
    },
    {
      ...unchecked515,
      name: 'unsynced',
      title: 'twin of 5.15: nobody waits for faults that used the slot before it was INVALID',
      forms: [],
      replacing: [...unchecked515.replacing, ...files, `${folder}/unsynced.ts`],
      violated: ['I-07', 'I-52'],
    },
  ],
  properties: [...rootProperties, 'I-07', 'I-30', 'I-52'],
  interesting: [{ name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' }],
};
