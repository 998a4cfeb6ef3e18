/**
 * 3.3 B: a guest process exits; its root, cached by the vCPU, is zapped and must be let go of.
 */
import type { Bounds } from '../machine/index.ts';
import { type Preset, procedureFiles, type Scenario, vcpuProcess } from '../scenario.ts';

const small: Bounds = {
  vcpus: 1,
  pages: 3,
  fanout: 1,
  levels: 2,
  prevRoots: 1,
  paeRoots: 1,
  pgds: 2,
  gfns: 4,
  parents: 1,
  budget: 3,
  flood: 3,
  batch: 1,
  quota: 8,
  generationBits: 1,
  mmuLock: 'rwlock',
};
function preset(bounds: Bounds): Preset {
  const all = 2 ** bounds.vcpus - 1;
  return {
    bounds,
    options: { tdp_enabled: false, guestSwitchesPgd: all, guestWritesPgd: all },
    processes: Array.from({ length: bounds.vcpus }, (_, i) => vcpuProcess(i)),
  };
}

export const retainedRoot: Scenario = {
  name: '3.3 B',
  title: 'a zapped root stays in the cache of roots',
  era: '2021',
  about:
    'One vCPU runs on the root of PGD 1 and caches that of PGD 0. Its guest switches between them and overwrites either table until it ' +
    'counts as flooded. The guest does not fault: no table below a root exists.',
  files: [...procedureFiles, 'model/prologues/roots.ts', 'model/scenarios/interesting.ts'],
  prologue: { procedure: 'prologue_cached', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 4, prevRoots: 2, pgds: 3, gfns: 6, budget: 8 }),
    large: preset({ ...small, vcpus: 2, pages: 6, prevRoots: 2, pgds: 3, gfns: 6, budget: 6 }),
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
      violated: ['I-10', 'I-36'],
    },
    { name: 'fixed', title: '5.18.y and 5.19, cf4a8693d97a', replacing: [], violated: [] },
  ],
  properties: [
    'I-01',
    'I-02',
    'I-04',
    'I-05',
    'I-08',
    'I-10',
    'I-11',
    'I-12',
    'I-13',
    'I-14',
    'I-15',
    'I-26',
    'I-35',
    'I-36',
    'I-39',
    'I-48',
  ],
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
