/**
 * 2.12: roots are loaded, invalidated, zapped and put. A scenario of ours.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { rcuProcess } from './common.ts';
import {
  rootBounds,
  rootFiles,
  roots63,
  roots68,
  roots515,
  roots612,
  vcpuProcesses,
  zapAllProcess,
  zapWorkerProcess,
} from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, tdp: { guestChangesRole: true } },
    processes: [...vcpuProcesses(bounds), zapAllProcess, zapWorkerProcess, rcuProcess],
  };
}
const small: RootBounds = { ...rootBounds, levels: 1, pages: 4, budget: 2 };

const noOwnReference = ['I-02', 'I-49'].map((id) => ({ id, reason: 'until 6.3 the TDP MMU has no reference of its own on a valid root' }));

export const tdpRoots: Scenario = {
  name: '2.12',
  title: 'roots of the TDP MMU come and go',
  engine: 'tdp',
  era: '2023',
  about:
    'vCPUs share a root, fault, and drop it when their guest changes its mode; a fast zap invalidates it, so that they load another one.',
  files: rootFiles,
  prologue: { procedure: 'prologue_loaded', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, vcpus: 2, budget: 0 }),
    large: preset({ ...small, levels: 3, fanout: 2, gfns: 4, pages: 12, budget: 2 }),
  },
  variants: [
    { ...roots612, violated: [] },
    { ...roots68, violated: [] },
    {
      ...roots612,
      name: 'order',
      title: 'mutant: the request before the roots are invalid',
      replacing: ['model/tdp/variants/rootRequestFirst.ts'],
      violated: ['I-04', 'I-10', 'I-11'],
    },
    {
      ...roots68,
      name: 'v6.8-unread',
      title: '6.4 to 6.8, and roots are freed without a grace period',
      replacing: [...roots68.replacing, 'model/tdp/variants/rootFreedAtOnce.ts'],
      violated: [],
    },
    {
      ...roots612,
      name: 'v6.12-unread',
      title: '6.12, and roots are freed without a grace period',
      replacing: ['model/tdp/variants/rootFreedAtOnce.ts'],
      violated: ['fault:useAfterFree'],
    },
    { ...roots63, violated: [], exempt: noOwnReference },
    {
      ...roots515,
      name: 'v5.16',
      title: '5.13 to 5.16: the last put zaps',
      violated: [],
      exempt: noOwnReference,
    },
  ],
  properties: ['I-01', 'I-02', 'I-04', 'I-05', 'I-10', 'I-11', 'I-22', 'I-24', 'I-27', 'I-30', 'I-48', 'I-49', 'I-50', 'I-51', 'X-12'],
  interesting: [
    { name: 'a guest runs', predicate: 'interesting_guest_runs' },
    { name: 'a vCPU holds an invalid root', predicate: 'interesting_invalid_root_held' },
    { name: 'a root has lost its last reference', predicate: 'interesting_root_put' },
  ],
};

/** The vCPU still holds a root that the first zap has done with when the second one walks the list. */
const idle: RootBounds = { ...small, pages: 3, budget: 0 };
function presetTwice(bounds: RootBounds): Preset {
  const second = { ...zapAllProcess, name: 'zapper1', title: 'set_nx_huge_pages() again' };
  return { bounds, options: { tdp_enabled: true }, processes: [...vcpuProcesses(bounds), zapAllProcess, second, rcuProcess] };
}
export const tdpRootsTwice: Scenario = {
  ...tdpRoots,
  name: '2.12 twice',
  title: 'everything is zapped twice',
  about: 'A vCPU puts the last reference of an invalid root with the read lock, while the next zap of everything walks the roots.',
  presets: { small: presetTwice(idle), medium: presetTwice({ ...idle, pages: 4 }), large: presetTwice({ ...idle, vcpus: 2, pages: 5 }) },
  variants: [
    { ...roots612, violated: [] },
    {
      ...roots612,
      name: 'revived',
      title: 'mutant: a walker takes a reference on a root that has none left',
      replacing: ['model/tdp/variants/rootRevived.ts'],
      violated: ['fault:listCorruption', 'fault:useAfterFree'],
    },
  ],
  properties: ['I-22', 'I-24', 'I-27', 'I-30', 'I-49', 'I-51', 'X-12', 'X-14'],
  interesting: [
    ...tdpRoots.interesting,
    { name: 'a walker stands before a root without references', predicate: 'interesting_root_put_under_walker' },
  ],
};
