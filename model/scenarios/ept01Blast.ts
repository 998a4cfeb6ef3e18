/**
 * 3.2 B: recycling one page of L1's own tables.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, smallBounds, vcpuProcesses } from './common.ts';
import { folder2020, merged2020, nestedFiles, nestedProperties, posted2020, rootCountTest2020, v58Rule, v58Whole } from './nested2020.ts';

const small: Bounds = { ...smallBounds, levels: 3, fanout: 2, pages: 7, pgds: 1, gfns: 8, parents: 1, budget: 2, quota: 4, recycled: 1 };
function preset(bounds: Bounds, tdp: boolean = true): Preset {
  return {
    bounds,
    options: { tdp_enabled: tdp, directL1: tdp, guestFaults: everyVcpu(bounds) },
    processes: vcpuProcesses(bounds),
  };
}
const recycling58 = `${folder2020}/recycling58.ts`;
const fromHead = `${folder2020}/recyclingFromHead.ts`;

export const ept01Blast: Scenario = {
  name: '3.2 B',
  title: 'recycling takes a whole subtree for one page',
  era: '2020',
  about:
    'L1 runs on EPT01 in the shadow MMU (no TDP MMU): the root, a table, and two below it fill the quota; L1 faults. No nested guest runs, and no ' +
    'table is written.',
  files: nestedFiles,
  prologue: { procedure: 'prologue_ept01', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 4, pages: 8 }),
    large: preset({ ...small, fanout: 3, gfns: 27, pages: 12, budget: 4, quota: 6 }),
  },
  variants: [
    { ...v58Rule, violated: [] },
    { ...posted2020, violated: ['I-37'], worst: { 'I-37': 2 } },
    { ...merged2020, violated: [] },
    { ...rootCountTest2020, violated: [] },
    { ...v58Whole, violated: [] },
    {
      name: 'v5.8Recycling',
      title: '5.8 with its own recycling: the tail, a root in use or not',
      forms: ['base'],
      replacing: [...v58Rule.replacing, recycling58],
      violated: [],
    },
    {
      name: 'postedOn5.8',
      title: 'the mail on the recycling of its day',
      forms: ['posted'],
      replacing: [...posted2020.replacing, recycling58],
      violated: ['I-07', 'I-37'],
      worst: { 'I-37': 3 },
    },
    {
      name: 'postedFromHead',
      title: 'the mail on the recycling of 5.9: the newest page first',
      replacing: [...posted2020.replacing, fromHead],
      violated: [],
    },
    {
      name: 'mergedFromHead',
      title: '5.10: the newest page first',
      forms: ['merged'],
      replacing: [...merged2020.replacing, fromHead],
      violated: [],
    },
  ],
  properties: nestedProperties.filter((id) => id !== 'I-28'),
  interesting: [{ name: 'the quota is reached', predicate: 'interesting_quota_reached' }],
};

/** Shadow paging proper: what a guest's tables have in common is kept, so no form of the rule may fire. */
export const shadowPagingBlast: Scenario = {
  ...ept01Blast,
  name: '3.2 B shadow',
  title: 'the same where the guest pages for itself, without TDP',
  about:
    "The CPU has no TDP: the tables are shadows of the guest's own, which it writes no more. They fill the quota, and the guest faults. The " +
    'children of a table that goes stay, to be found again.',
  presets: {
    small: preset(small, false),
    medium: preset({ ...small, budget: 4, pages: 8 }, false),
    large: preset({ ...small, fanout: 3, gfns: 27, pages: 12, budget: 4, quota: 6 }, false),
  },
  variants: [
    { ...v58Rule, violated: [] },
    { ...posted2020, violated: [] },
    { ...merged2020, violated: [] },
    { ...rootCountTest2020, violated: [] },
  ],
};
