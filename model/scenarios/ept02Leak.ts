/**
 * 3.2 A: L1 overwrites the table of the middle; what is below it stays.
 */
import type { Bounds, ModelOptions } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, smallBounds, vcpuProcesses } from './common.ts';
import { merged2020, nestedFiles, nestedProperties, posted2020, rootCountTest2020, v58Rule, v58Whole } from './nested2020.ts';

const small: Bounds = {
  ...smallBounds,
  levels: 3,
  fanout: 2,
  pages: 5,
  pgds: 1,
  gfns: 7,
  guestFrames: 3,
  parents: 2,
  budget: 3,
  recycled: 1,
};
function preset(bounds: Bounds, options: Partial<ModelOptions> = {}): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, directL1: true, guestWritesTables: everyVcpu(bounds), ...options },
    processes: vcpuProcesses(bounds),
  };
}
const l2Runs = { guestFaults: 1, onlyL2Faults: true, guestNests: 1 };

export const ept02Leak: Scenario = {
  name: '3.2 A',
  title: 'tables of a nested guest that nothing links any more',
  era: '2020',
  about:
    'L2 has touched one page, so that R, M and T shadow tables of its EPT. L1 zeroes entries of the upper tables, in any order; the third ' +
    'write floods a table. Writing the entry of T itself orphans T in every version, by design. L1 touches no page of its own, and L2 ' +
    'does not run again (medium and large: it may).',
  files: nestedFiles,
  prologue: { procedure: 'prologue_ept02', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 8, budget: 5 }, { ...l2Runs, guestValues: 2 }),
    large: preset({ ...small, pages: 8, budget: 6 }, { ...l2Runs, guestValues: 2 }),
  },
  variants: [
    { ...v58Rule, violated: ['I-28'] },
    { ...posted2020, violated: [] },
    { ...merged2020, violated: [] },
    { ...rootCountTest2020, violated: [] },
    { ...v58Whole, violated: ['I-28', 'I-36'] },
  ],
  properties: nestedProperties,
  interesting: [
    { name: 'the table of the middle was zapped', predicate: 'interesting_middle_zapped' },
    { name: 'a table lost its parent by a write to one entry', predicate: 'interesting_orphan_by_entry' },
  ],
};

const two: Bounds = { ...small, vcpus: 2, pages: 9, flood: 1, budget: 1 };
const running = { guestWritesTables: 2, guestFaults: 1, onlyL2Faults: true };

export const ept02LeakRunning: Scenario = {
  ...ept02Leak,
  name: '3.2 A running',
  title: 'the same while L2 runs',
  about:
    'As 3.2 A, but L2 runs on one vCPU and faults, while L1, on another, zeroes entries of the table of the middle: a fault may walk that ' +
    'table before a write and link after it. One write floods. L2 does not exit to L1.',
  prologue: { procedure: 'prologue_ept02_running', args: [] },
  presets: {
    small: preset(two, { ...running, writtenTable: 1 }),
    medium: preset(two, running),
    large: preset({ ...two, pages: 12, budget: 2 }, { ...running, writtenTable: 1 }),
  },
  // No root is zapped here, so the reload of 5.8 takes none along.
  variants: ept02Leak.variants.map((variant) => (variant.name === v58Whole.name ? { ...variant, violated: ['I-28'] } : variant)),
  interesting: [{ name: 'the table of the middle was zapped', predicate: 'interesting_middle_zapped' }],
};
