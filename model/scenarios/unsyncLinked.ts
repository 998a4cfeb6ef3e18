/**
 * 2.22 link: a table is linked again below which a page is out of date.
 */
import type { Bounds, ModelOptions } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { smallBounds, vcpuProcesses } from './common.ts';
import { unsyncFunctions } from './unsyncFunctions.ts';
import { unsyncFiles, unsyncFixed, unsyncProperties } from './unsyncTable.ts';

const folder = 'model/variants/unsync';
const small: Bounds = {
  ...smallBounds,
  levels: 3,
  fanout: 2,
  pages: 9,
  pgds: 1,
  gfns: 15,
  guestFrames: 6,
  parents: 2,
  rmap: 3,
  budget: 4,
  quota: 16,
};
function preset(bounds: Bounds, options: Partial<ModelOptions> = {}): Preset {
  return {
    bounds,
    options: {
      tdp_enabled: false,
      guestFaults: 1,
      guestWriteFaults: 1,
      guestStores: 1,
      guestFlushes: 1,
      guestWritesTables: 1,
      writtenTable: 0,
      guestValues: 2,
      ...options,
    },
    processes: vcpuProcesses(bounds),
  };
}

const misaligned: Partial<ModelOptions> = { misalignedWrites: true };

export const unsyncLinked: Scenario = {
  name: '2.22 link',
  title: 'a table is linked again, below which a page is out of date',
  era: '2021',
  takesPatches: unsyncFunctions,
  about:
    'One vCPU. The guest has cleared the top entry above a table M, below which an unsync page shadows a table that the guest also maps ' +
    'elsewhere, and has flushed. It writes to that table without an exit, sets the entry again, and faults below it, so that M is linked ' +
    'again: no flush is due. Of the tables that KVM protects it writes to the top one only.',
  files: unsyncFiles,
  prologue: { procedure: 'prologue_unlinked_unsync', args: [3, 0] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 5 }),
    large: preset({ ...small, budget: 5 }, misaligned),
  },
  variants: [
    { ...unsyncFixed, violated: [] },
    { name: 'linkUnsynced', title: 'twin: the table is linked as it is', replacing: [`${folder}/linkUnsynced.ts`], violated: ['X-10'] },
  ],
  properties: unsyncProperties,
  interesting: [
    { name: 'an unsync page is out of date', predicate: 'interesting_outdated' },
    { name: 'a bit leads to no unsync page any more', predicate: 'interesting_stale_bit' },
  ],
};

const oneBelow: Partial<ModelOptions> = { writtenTable: 1 };

export const unsyncFound: Scenario = {
  ...unsyncLinked,
  name: '2.22 found',
  title: 'an unsync page is found and linked again',
  about:
    'As 2.22 link, but the guest has cleared the entry of the table in the middle, right above the unsync page, which a fault finds and ' +
    'links again. Of the tables that KVM protects it writes to that one only; in medium and large, by misaligned writes, too.',
  prologue: { procedure: 'prologue_unlinked_unsync', args: [3, 1] },
  presets: {
    small: preset(small, oneBelow),
    medium: preset(small, { ...oneBelow, ...misaligned }),
    large: preset({ ...small, budget: 5 }, { ...oneBelow, ...misaligned }),
  },
  variants: [
    { ...unsyncFixed, violated: [] },
    {
      name: 'foundUnsynced',
      title: 'twin: the page that is found is taken as it is',
      replacing: [`${folder}/foundUnsynced.ts`],
      violated: ['X-10'],
    },
    {
      name: 'linkUnmarked',
      title: 'twin: the path to an unsync page that is linked is not marked',
      replacing: [`${folder}/linkUnmarked.ts`],
      violated: ['I-45', 'X-10'],
    },
  ],
  interesting: [{ name: 'an unsync page is out of date', predicate: 'interesting_outdated' }],
};
