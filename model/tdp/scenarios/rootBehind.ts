/**
 * 3.5 E behind, yield and twice: a notifier comes while there is an invalid root. Scenarios of ours.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { changeProperties, hostProcess, rcuProcess } from './common.ts';
import { rootBounds, rootFiles, roots612, vcpuProcesses } from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true },
    processes: [
      ...vcpuProcesses(bounds),
      {
        name: 'zapper',
        title: 'kvm_tdp_mmu_zap_invalidated_roots()',
        procedure: 'kvm_tdp_mmu_zap_invalidated_roots',
        args: [],
        kind: 'essential',
      },
      hostProcess(0, bounds.gfns),
      rcuProcess,
    ],
  };
}

const roots: RootBounds = { ...rootBounds, levels: 1, pages: 2, budget: 1 };

export const rootBehind: Scenario = {
  name: '3.5 E behind',
  title: 'a notifier and an invalid root behind a valid one',
  engine: 'tdp',
  era: '2023',
  about:
    'All roots were made invalid, and the vCPU runs on a new one. The old one is zapped while the host takes a page away: its notifier owes a ' +
    'flush for the new root when it comes to the old one, for which nobody need flush.',
  files: rootFiles,
  prologue: { procedure: 'prologue_invalid_behind', args: [] },
  presets: {
    small: preset(roots),
    medium: preset({ ...roots, fanout: 2, gfns: 2 }),
    large: preset({ ...roots, levels: 2, fanout: 2, gfns: 2, pages: 4 }),
  },
  variants: [
    { ...roots612, title: 'one flush for all roots', violated: [] },
    {
      ...roots612,
      name: 'overwritten',
      title: 'mutant: what the last root owes is all that is flushed',
      replacing: ['model/tdp/variants/flushOverwritten.ts'],
      violated: ['I-20'],
    },
  ],
  properties: [...changeProperties, 'I-06', 'I-20', 'I-22', 'I-24', 'I-25', 'I-27', 'I-29', 'I-51'],
  interesting: [{ name: 'the host has freed a page before the root was zapped', predicate: 'interesting_freed_before_zap' }],
};

const tables: RootBounds = { ...rootBounds, fanout: 2, gfns: 2, pages: 2, budget: 0 };

export const tableUnderYield: Scenario = {
  name: '3.5 E yield',
  title: 'a notifier yields in a table that goes',
  engine: 'tdp',
  era: '2023',
  about:
    'All roots were made invalid, and the vCPU has none. The old one, with a table of two entries, is zapped while the host takes both pages ' +
    'away: its notifier may yield between the two, and the table may be freed meanwhile.',
  files: rootFiles,
  prologue: { procedure: 'prologue_invalidated', args: [] },
  presets: {
    small: preset(tables),
    medium: preset({ ...tables, gfns: 4, pages: 3 }),
    large: preset({ ...tables, levels: 3, gfns: 4, pages: 4 }),
  },
  variants: [
    { ...roots612, violated: [] },
    {
      ...roots612,
      name: 'unnoted',
      title: 'mutant: the walk goes on after a yield as if there had been none',
      replacing: ['model/tdp/variants/yieldUnnoted.ts'],
      violated: ['fault:useAfterFree'],
    },
  ],
  properties: [...changeProperties, 'I-05', 'I-06', 'I-22', 'I-24', 'I-27', 'I-29', 'I-51'],
  interesting: [{ name: 'the host has freed a page before the root was zapped', predicate: 'interesting_freed_before_zap' }],
};

const ranges: RootBounds = { ...rootBounds, levels: 1, fanout: 2, gfns: 2, pages: 2, budget: 1 };
function twice(bounds: RootBounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true },
    processes: [
      ...vcpuProcesses(bounds),
      { ...hostProcess(0, bounds.gfns), name: 'host0', title: 'mmu notifier 0' },
      { ...hostProcess(0, 1), name: 'host1', title: 'mmu notifier 1' },
      rcuProcess,
    ],
  };
}

export const notifiersAndRoots: Scenario = {
  name: '3.5 E twice',
  title: 'two notifiers for one page, and an invalid root behind a valid one',
  engine: 'tdp',
  era: '2023',
  about:
    'The vCPU runs on a new root, and an invalid one is still on the list. One notifier has zapped two pages in the new root, and yields in the ' +
    'invalid one. Another one for the first of the two finds nothing left to zap, and the host frees that page.',
  files: rootFiles,
  prologue: { procedure: 'prologue_invalid_behind', args: [] },
  presets: {
    small: twice(ranges),
    medium: twice({ ...ranges, budget: 2 }),
    large: twice({ ...ranges, levels: 2, gfns: 4, pages: 6, budget: 1 }),
  },
  variants: [
    { ...roots612, title: 'what one root owes is flushed before a yield in the next', violated: [] },
    {
      ...roots612,
      name: 'apart',
      title: 'mutant: each root owes for itself, and all is flushed at the end',
      replacing: ['model/tdp/variants/flushPerRoot.ts'],
      violated: ['I-20'],
    },
  ],
  properties: [...changeProperties, 'I-06', 'I-20', 'I-22', 'I-24', 'I-29', 'I-51'],
  interesting: [{ name: 'two events are under way', predicate: 'interesting_two_events' }],
};
