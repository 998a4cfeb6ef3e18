/**
 * 2.11: the walk of the zap of everything loses its place: tables of a nested guest go with their parents, or pages are recycled while it yields.
 * 2.3: so does the walk of recycling.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, nxProcess, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, pages: 5, pgds: 1, gfns: 2, budget: 1 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, directL1: true, guestFaults: everyVcpu(bounds), guestNests: everyVcpu(bounds), onlyL2Faults: true },
    processes: [...vcpuProcesses(bounds), nxProcess],
  };
}

export const zapNested: Scenario = {
  name: '2.11 nested',
  title: 'everything is zapped, and a table goes with its parent',
  era: '2021',
  about:
    'L2 runs on a root with a table below it, which goes with the root, so that the walk over all pages has lost its place; a change of the NX ' +
    'parameter zaps everything. L1, on a direct root, and L2 switch, and L2 faults; nobody writes to a table.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_nested_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, pages: 8, gfns: 3, budget: 3 }),
    large: preset({ ...small, levels: 4, pages: 10, gfns: 4, budget: 4, batch: 2 }),
  },
  variants: [{ ...fixed2021, violated: [] }],
  properties: [...rootProperties, 'I-07', 'I-30', 'I-38'],
  interesting: [
    { name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' },
    { name: 'a table of L2 was zapped', predicate: 'interesting_nested_table_zapped' },
  ],
};

const full: Bounds = { ...smallBounds, pages: 5, pgds: 1, gfns: 2, budget: 1, batch: 0, quota: 2 };
function recycling(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [...vcpuProcesses(bounds), nxProcess],
  };
}

export const zapRecycled: Scenario = {
  name: '2.11 recycled',
  title: 'everything is zapped, and old pages are recycled meanwhile',
  era: '2021',
  about:
    'The quota is reached. A change of the NX parameter zaps everything, and yields; the vCPU, whose root has one table, drops it and takes pages ' +
    'of the old generation back for its new ones. It faults, and writes to no table.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: recycling(full),
    medium: recycling({ ...full, levels: 3, pages: 7, gfns: 3, quota: 3, budget: 2 }),
    large: recycling({ ...full, levels: 4, pages: 9, gfns: 4, quota: 4, budget: 3, batch: 1 }),
  },
  variants: [
    { ...fixed2021, violated: [] },
    {
      name: 'goesOn',
      title: 'mutant: after a yield the walk goes on where it was',
      replacing: ['model/variants/2013-fast-zap/noRestartAfterYield.ts'],
      violated: ['fault:useAfterFree'],
    },
  ],
  properties: [...rootProperties, 'I-07', 'I-30'],
  interesting: [
    { name: 'a vCPU holds a root of the old generation', predicate: 'interesting_obsolete_root_held' },
    { name: 'an old page was recycled', predicate: 'interesting_old_page_recycled' },
  ],
};

const many: Bounds = { ...smallBounds, pages: 8, pgds: 3, gfns: 6, budget: 1, quota: 6, refill: 3 };
function refilling(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, directL1: true, guestFaults: everyVcpu(bounds), onlyL2Faults: true },
    processes: vcpuProcesses(bounds),
  };
}

export const recycledNested: Scenario = {
  name: '2.3 nested',
  title: 'several pages are recycled, and a table goes with its parent',
  era: '2021',
  about:
    'The quota is reached, and recycling wants more pages than the oldest unused root has tables. L2 faults on a third EPT; L1 does nothing, and ' +
    'no other thread runs.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_nested_unused', args: [] },
  presets: {
    small: refilling(many),
    medium: refilling({ ...many, budget: 3 }),
    large: refilling({ ...many, levels: 3, gfns: 9, pages: 11, quota: 8, refill: 4, budget: 3 }),
  },
  variants: [{ ...fixed2021, violated: [] }],
  properties: [...rootProperties.filter((id) => id !== 'I-11'), 'I-07', 'I-38'],
  interesting: [{ name: 'several pages were recycled', predicate: 'interesting_several_recycled' }],
};
