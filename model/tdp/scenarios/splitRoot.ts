/**
 * 3.4 C, second half: a root loses its last vCPU while somebody walks it.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { changeProperties, rcuProcess } from './common.ts';
import { rootBounds, rootFiles, roots515, roots612, vcpuProcesses, zapAllProcess } from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true },
    processes: [
      ...vcpuProcesses(bounds),
      zapAllProcess,
      { name: 'splitter', title: 'dirty log', procedure: 'kvm_mmu_slot_apply_flags', args: [], kind: 'essential' },
      rcuProcess,
    ],
  };
}
/** Two entries in the root, as a walk yields before the second one at the earliest. */
const small: RootBounds = { ...rootBounds, fanout: 2, gfns: 4, pages: 2, budget: 0 };
const folder = 'model/tdp/variants';

export const splitDyingRoot: Scenario = {
  name: '3.4 C root',
  title: 'a root goes while it is being split',
  engine: 'tdp',
  era: '2022',
  about:
    'Everything was zapped; the vCPU that holds the invalid root has yet to drop it. Dirty logging is enabled meanwhile: the walk yields ' +
    'mmu_lock, and the vCPU puts its reference. Nothing is mapped.',
  files: [...rootFiles, 'model/tdp/procedures/splitHuge.ts', 'model/tdp/procedures/splitRoots.ts'],
  prologue: { procedure: 'prologue_loaded', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, gfns: 8 }),
    large: preset({ ...small, vcpus: 2, fanout: 3, gfns: 9 }),
  },
  variants: [
    {
      ...roots515,
      name: 'v2',
      title: 'mail of January 2022, v2, on 5.16: all roots, with references',
      forms: ['posted'],
      replacing: [...roots515.replacing, `${folder}/splitAllRoots.ts`],
      violated: [],
      worst: { 'invalid-roots-split': 1 },
    },
    { ...roots515, name: 'merged', title: '5.18: valid roots only', forms: ['merged'], violated: [], worst: { 'invalid-roots-split': 0 } },
    {
      ...roots515,
      name: 'unreferenced',
      title: 'mutant of v2: without references',
      replacing: [...roots515.replacing, `${folder}/splitUnreferenced.ts`],
      violated: ['fault:useAfterFree'],
      worst: { 'invalid-roots-split': 1 },
    },
    { ...roots612, forms: ['fixed'], violated: [], worst: { 'invalid-roots-split': 0 } },
  ],
  properties: [...changeProperties, 'I-22', 'I-24', 'I-27', 'I-30', 'I-51'],
  measures: ['invalid-roots-split'],
  interesting: [{ name: 'a root has lost its last reference', predicate: 'interesting_root_put' }],
};
