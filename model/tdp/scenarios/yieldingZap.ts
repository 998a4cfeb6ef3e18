/**
 * 2.15: the zap of a root yields between two of its entries. A scenario of ours.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { rcuProcess } from './common.ts';
import { rootBounds, rootFiles, roots515, roots612, vcpuProcesses, zapAllProcess } from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return { bounds, options: { tdp_enabled: true }, processes: [...vcpuProcesses(bounds), zapAllProcess, rcuProcess] };
}
const small: RootBounds = { ...rootBounds, fanout: 2, gfns: 4, pages: 4, budget: 0, costs: true };

export const yieldingZap: Scenario = {
  name: '2.15',
  title: 'a root is zapped with a yield',
  engine: 'tdp',
  era: '2022',
  about: 'Everything is zapped. The root has two entries, each with a table, and the zap may yield before the second one.',
  files: rootFiles,
  prologue: { procedure: 'prologue_mapped', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, gfns: 8, pages: 8 }),
    large: preset({ ...small, pages: 6, budget: 2 }),
  },
  variants: [
    {
      ...roots515,
      name: 'v5.16',
      title: '5.13 to 5.16: the iterator advances after a yield',
      replacing: [...roots515.replacing, 'model/tdp/variants/iterAdvances.ts'],
      violated: ['I-30'],
    },
    { ...roots515, name: 'v5.17', title: '5.17: it stays', violated: [] },
    { ...roots612, violated: [] },
  ],
  properties: ['I-05', 'I-22', 'I-24', 'I-27', 'I-30', 'I-34', 'I-51', 'X-14'],
  interesting: [{ name: 'a root has lost its last reference', predicate: 'interesting_root_put' }],
};
