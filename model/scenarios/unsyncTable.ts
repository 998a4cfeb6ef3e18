/**
 * 2.22: a guest writes to its own level-1 table, while that table is shadowed.
 */
import type { Bounds, ModelOptions } from '../machine/index.ts';
import type { Preset, Scenario, ScenarioVariant } from '../scenario.ts';
import { rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';
import { unsyncFunctions } from './unsyncFunctions.ts';

export const unsyncFiles: readonly string[] = [...scenarioFiles, 'model/prologues/unsync.ts', 'model/scenarios/interestingUnsync.ts'];
export const unsyncProperties: readonly string[] = [
  ...rootProperties.filter((id) => !['I-35', 'I-36', 'I-39', 'I-48'].includes(id)),
  'I-07',
  'I-09',
  'I-45',
  'I-46',
  'X-10',
];
const folder = 'model/variants/unsync';
export const unsyncFixed: Omit<ScenarioVariant, 'violated'> = {
  name: 'fixed',
  title: '5.18 to 6.12: the page is marked, then the translation allows writing',
  replacing: [],
};

const small: Bounds = {
  ...smallBounds,
  vcpus: 2,
  pgds: 1,
  guestFrames: 2,
  rmap: 1,
  budget: 2,
};
const wide: Bounds = { ...small, fanout: 2, pages: 4, gfns: 7, parents: 2, rmap: 2 };
function preset(bounds: Bounds, options: Partial<ModelOptions> = {}): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: 1, guestWriteFaults: 1, guestStores: 2, guestFlushes: 2, ...options },
    processes: vcpuProcesses(bounds),
  };
}
const everything: Partial<ModelOptions> = { guestFaults: 3, guestWriteFaults: 3, guestStores: 3, guestFlushes: 3 };

export const unsyncTable: Scenario = {
  name: '2.22',
  title: 'a guest writes to its own table, which is shadowed',
  era: '2021',
  takesPatches: unsyncFunctions,
  about:
    'Two vCPUs run on one PGD, below which a table of level 1 maps itself. A write fault on one vCPU makes the table writable, so that its ' +
    'page goes unsync; the guest on the other one writes to it without an exit, and flushes its TLB by INVLPG or by loading CR3. Small: one ' +
    'entry a table, only the first vCPU faults and only the second one writes and flushes.',
  files: unsyncFiles,
  prologue: { procedure: 'prologue_self_map', args: [1] },
  presets: {
    small: preset(small),
    medium: preset(small, everything),
    large: preset(wide, everything),
  },
  variants: [
    { ...unsyncFixed, violated: [] },
    {
      name: 'spteFirst',
      title: 'twin: the translation allows writing, then the page is marked',
      replacing: [`${folder}/spteFirst.ts`],
      violated: ['X-10'],
    },
    {
      name: 'parentsUnmarked',
      title: 'twin: the page is marked, and nothing leads to it',
      replacing: [`${folder}/parentsUnmarked.ts`],
      violated: ['I-45', 'X-10'],
    },
  ],
  properties: unsyncProperties,
  interesting: [{ name: 'an unsync page is out of date', predicate: 'interesting_outdated' }],
};

const running: Partial<ModelOptions> = { guestFaults: 0, guestWriteFaults: 0, guestFlushes: 3 };

export const unsyncTableSynced: Scenario = {
  ...unsyncTable,
  name: '2.22 sync',
  title: 'an unsync table is brought up to date while the guest may write to it',
  about:
    'As 2.22, but the table is writable and its page unsync from the start. The guest on one vCPU flushes, while on the other one it writes ' +
    'to the table, and flushes, too. No vCPU faults (medium and large: all do everything).',
  prologue: { procedure: 'prologue_unsync', args: [1] },
  presets: {
    small: preset(small, running),
    medium: preset({ ...small, budget: 3 }, running),
    large: preset(wide, everything),
  },
  variants: [
    { ...unsyncFixed, violated: [] },
    {
      name: 'flushLate',
      title: "twin: the guest's entries are read again before the TLBs are flushed",
      replacing: [`${folder}/flushLate.ts`],
      violated: ['X-10'],
    },
    {
      name: 'unprotected',
      title: 'twin: the table stays writable',
      replacing: [`${folder}/unprotected.ts`],
      violated: ['I-46', 'X-10'],
    },
  ],
};
