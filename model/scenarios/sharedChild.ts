/**
 * 3.2 D: a child that two tables link stays when one of them is zapped.
 */
import type { Bounds, ModelOptions } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, smallBounds, vcpuProcesses } from './common.ts';
import { folder2020, merged2020, nestedFiles, nestedProperties, posted2020, rootCountTest2020, v58Rule, v58Whole } from './nested2020.ts';

const small: Bounds = {
  ...smallBounds,
  levels: 3,
  fanout: 2,
  pages: 9,
  pgds: 1,
  gfns: 7,
  guestFrames: 3,
  parents: 2,
  budget: 3,
  quota: 5,
  recycled: 1,
};
function preset(bounds: Bounds, options: Partial<ModelOptions> = {}): Preset {
  return {
    bounds,
    options: {
      tdp_enabled: true,
      directL1: true,
      guestWritesTables: everyVcpu(bounds),
      guestNests: everyVcpu(bounds),
      guestFaults: everyVcpu(bounds),
      onlyL2Faults: true,
      writtenTable: 1,
      ...options,
    },
    processes: vcpuProcesses(bounds),
  };
}

export const sharedChild: Scenario = {
  name: '3.2 D',
  title: 'a table that has another parent left',
  era: '2020',
  about:
    'Two tables of the second level of an EPT lead to one table T, and L2 has used both. L1 zeroes entries of the first of them, and enters ' +
    'L2, which faults, so that the quota makes it recycle. L1 does not write to the second. L1 touches no page of its own.',
  files: nestedFiles,
  prologue: { procedure: 'prologue_shared_child', args: [] },
  presets: {
    small: preset(small),
    medium: preset(small, { guestValues: 2 }),
    large: preset({ ...small, prevRoots: 2 }, { guestValues: 3 }),
  },
  variants: [
    { ...v58Rule, violated: [] },
    { ...posted2020, violated: [] },
    { ...merged2020, violated: [] },
    { ...rootCountTest2020, violated: [] },
    { ...v58Whole, violated: ['I-36'] },
    {
      name: 'parentsUntested',
      title: 'twin of merged: the child goes although another table links it',
      replacing: [`${folder2020}/parentsUntested.ts`],
      violated: ['I-37'],
    },
  ],
  properties: nestedProperties,
  interesting: [
    { name: 'the shared table has one parent left', predicate: 'interesting_one_parent_left' },
    { name: 'the quota is reached', predicate: 'interesting_quota_reached' },
  ],
};
