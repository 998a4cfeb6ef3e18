/**
 * 2.15 tall: a root of four levels is zapped, as the kernel's have. A scenario of ours.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { changeProperties, rcuProcess } from './common.ts';
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
      rcuProcess,
    ],
  };
}
const small: RootBounds = { ...rootBounds, levels: 4, fanout: 2, gfns: 4, pages: 6, budget: 0 };

export const tallRoot: Scenario = {
  name: '2.15 tall',
  title: 'a root of four levels is zapped',
  engine: 'tdp',
  era: '2023',
  about:
    'A root that was made invalid is zapped, and is higher than an entry of 1 GiB: only the last pass takes what the root itself links.',
  files: rootFiles,
  prologue: { procedure: 'prologue_invalidated', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, gfns: 8, pages: 9 }),
    large: preset({ ...small, gfns: 8, pages: 9, budget: 1 }),
  },
  variants: [
    { ...roots612, violated: [] },
    {
      ...roots612,
      name: 'prove',
      title: '6.12 with CONFIG_KVM_PROVE_MMU: what is unlinked is full',
      replacing: ['model/tdp/variants/zapRootFromTop.ts'],
      violated: [],
    },
    {
      ...roots612,
      name: 'topless',
      title: 'mutant: no pass over the entries of the root',
      replacing: ['model/tdp/variants/zapRootTopless.ts'],
      violated: ['I-27'],
    },
  ],
  properties: [...changeProperties, 'I-05', 'I-22', 'I-24', 'I-27', 'I-51'],
  interesting: [{ name: 'a root has lost its last reference', predicate: 'interesting_root_put' }],
};
