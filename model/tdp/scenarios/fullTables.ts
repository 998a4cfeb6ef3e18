/**
 * 2.15 from the top: full tables are unlinked with the read lock, as until 6.8, and later with KVM_PROVE_MMU. A scenario of ours.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { changeProperties, rcuProcess } from './common.ts';
import { rootBounds, rootFiles, roots68, roots612, vcpuProcesses, zapAllProcess } from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return { bounds, options: { tdp_enabled: true }, processes: [...vcpuProcesses(bounds), zapAllProcess, rcuProcess] };
}
const small: RootBounds = { ...rootBounds, levels: 3, fanout: 1, gfns: 1, pages: 4, budget: 0 };

export const fullTables: Scenario = {
  name: '2.15 top',
  title: 'a root is zapped from its top',
  engine: 'tdp',
  era: '2022',
  about: 'Everything is zapped, without a pass over small entries first. What the zapper unlinks is a table with all that is below it.',
  files: rootFiles,
  prologue: { procedure: 'prologue_mapped', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, fanout: 2, gfns: 2, pages: 4 }),
    large: preset({ ...small, fanout: 2, gfns: 8, pages: 10 }),
  },
  variants: [
    { ...roots68, title: '6.4 to 6.8: entries of 1 GiB, then those of the root', violated: [] },
    {
      ...roots612,
      name: 'prove',
      title: '6.12 with CONFIG_KVM_PROVE_MMU: so it is again',
      replacing: ['model/tdp/variants/zapRootFromTop.ts'],
      violated: [],
    },
  ],
  properties: [...changeProperties, 'I-05', 'I-22', 'I-24', 'I-27', 'I-30', 'I-51'],
  interesting: [{ name: 'a root has lost its last reference', predicate: 'interesting_root_put' }],
};
