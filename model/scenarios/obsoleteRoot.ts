/**
 * 3.3 A: a fast zap of everything against a vCPU that switches PGDs, and so has its old root in the cache.
 */
import type { Bounds } from '../machine/index.ts';
import { type Preset, procedureFiles, type Scenario, vcpuProcess } from '../scenario.ts';

const small: Bounds = {
  vcpus: 1,
  pages: 6,
  fanout: 1,
  levels: 2,
  prevRoots: 1,
  paeRoots: 1,
  pgds: 2,
  gfns: 4,
  parents: 1,
  budget: 3,
  flood: 3,
  batch: 0,
  quota: 8,
  generationBits: 1,
  mmuLock: 'rwlock',
};
function preset(bounds: Bounds): Preset {
  const all = 2 ** bounds.vcpus - 1;
  return {
    bounds,
    options: { tdp_enabled: false, guestSwitchesPgd: all, guestFaults: all },
    processes: [
      ...Array.from({ length: bounds.vcpus }, (_, i) => vcpuProcess(i)),
      { name: 'zapper', title: 'set_nx_huge_pages()', procedure: 'set_nx_huge_pages', args: [], kind: 'essential' },
    ],
  };
}

export const obsoleteRoot: Scenario = {
  name: '3.3 A',
  title: 'a guest comes back to a root that a fast zap made obsolete',
  era: '2021',
  about:
    'A change of the NX parameter zaps everything while a vCPU, on the root of PGD 0 with one table below it, switches between two PGDs ' +
    'and faults. The guest writes to no table.',
  files: [...procedureFiles, 'model/prologues/roots.ts', 'model/scenarios/interesting.ts'],
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 9, prevRoots: 2, pgds: 3, gfns: 6, budget: 6 }),
    large: preset({ ...small, vcpus: 2, pages: 8, prevRoots: 1, budget: 4 }),
  },
  variants: [
    {
      name: 'base',
      title: '5.17: RELOAD',
      replacing: ['model/variants/2021-obsolete-roots/base.ts'],
      violated: ['I-36'],
    },
    {
      name: 'posted',
      title: 'mail of December 2021, v5.18.0',
      replacing: ['model/variants/2021-obsolete-roots/posted.ts'],
      violated: ['I-04', 'I-10', 'I-48'],
    },
    { name: 'fixed', title: '5.18.y and 5.19, cf4a8693d97a', replacing: [], violated: [] },
  ],
  properties: [
    'I-01',
    'I-02',
    'I-04',
    'I-05',
    'I-07',
    'I-08',
    'I-10',
    'I-11',
    'I-12',
    'I-13',
    'I-14',
    'I-15',
    'I-26',
    'I-30',
    'I-33',
    'I-35',
    'I-36',
    'I-39',
    'I-48',
  ],
  interesting: [{ name: 'the zapper let go of mmu_lock with an obsolete page left', predicate: 'interesting_obsolete_while_yielded' }],
};
