/**
 * 3.2 B unsync: recycling one page takes what is unsync below it along, and nothing else.
 */
import type { Bounds, ModelOptions } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { smallBounds, vcpuProcesses } from './common.ts';
import { unsyncFunctions } from './unsyncFunctions.ts';
import { unsyncFiles, unsyncFixed, unsyncProperties } from './unsyncTable.ts';

const small: Bounds = {
  ...smallBounds,
  levels: 3,
  fanout: 2,
  pages: 8,
  pgds: 1,
  gfns: 15,
  guestFrames: 4,
  parents: 2,
  rmap: 2,
  budget: 2,
  quota: 4,
  recycled: 1,
};
function preset(bounds: Bounds, options: Partial<ModelOptions> = {}): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: 1, guestWriteFaults: 1, guestStores: 1, guestFlushes: 1, ...options },
    processes: vcpuProcesses(bounds),
  };
}

export const unsyncRecycled: Scenario = {
  name: '3.2 B unsync',
  title: 'recycling a table below which a page is unsync',
  era: '2021',
  takesPatches: unsyncFunctions,
  about:
    'One vCPU, shadow paging: the root, a table below it and two below that fill the quota; one of these two is unsync, as the guest has ' +
    'written to what it shadows. The guest faults, so that a fault recycles, writes to that table without an exit, and flushes.',
  files: unsyncFiles,
  prologue: { procedure: 'prologue_unsync_below', args: [3] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 3 }),
    large: preset({ ...small, budget: 4 }),
  },
  variants: [
    { ...unsyncFixed, violated: [] },
    {
      name: 'syncedTaken',
      title: 'twin: children go with their parent, unsync or not',
      replacing: ['model/variants/unsync/syncedTaken.ts'],
      violated: ['I-37'],
      worst: { 'I-37': 2 },
    },
  ],
  properties: [...unsyncProperties, 'I-37'],
  interesting: [{ name: 'one recycling zapped an unsync page with its parent', predicate: 'interesting_quota_left' }],
};
