/**
 * 3.1 D for the TDP MMU: a fault that has looked its page up before everything is zapped.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { rcuProcess } from './common.ts';
import { rootBounds, rootFiles, roots515, roots612, vcpuProcesses, zapAllProcess } from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return { bounds, options: { tdp_enabled: true }, processes: [...vcpuProcesses(bounds), zapAllProcess, rcuProcess] };
}
const small: RootBounds = { ...rootBounds, levels: 3, pages: 5, budget: 1 };
const unchecked = 'model/tdp/variants/faultUnchecked.ts';

export const staleFaultTdp: Scenario = {
  name: '3.1 D TDP',
  title: 'a fault links a table below an invalid root',
  engine: 'tdp',
  era: '2013',
  about:
    'Everything is zapped while a vCPU faults. The zapper has the read lock only, so it may have passed the entry that the fault fills.',
  files: rootFiles,
  prologue: { procedure: 'prologue_loaded', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, fanout: 2, gfns: 2, pages: 8 }),
    large: preset({ ...small, vcpus: 2, fanout: 2, gfns: 4, pages: 12 }),
  },
  variants: [
    {
      ...roots515,
      name: 'v5.15',
      title: '5.13 to 5.15: faults do not look at the root',
      forms: ['merged'],
      replacing: [...roots515.replacing, unchecked],
      violated: ['I-07', 'I-30'],
    },
    { ...roots515, name: 'v5.16', title: '5.16: an invalid root makes a fault retry', forms: ['fixed'], violated: [] },
    {
      ...roots612,
      name: 'unchecked',
      title: '6.12 without that check: twin',
      replacing: [unchecked],
      violated: ['I-07', 'I-27', 'I-30'],
    },
    { ...roots612, name: 'checked', forms: ['fixed'], violated: [] },
  ],
  properties: ['I-01', 'I-04', 'I-05', 'I-07', 'I-10', 'I-22', 'I-24', 'I-25', 'I-27', 'I-30', 'I-51', 'X-14'],
  interesting: [{ name: 'the root of a fault under way is invalidated', predicate: 'interesting_fault_on_invalid_root' }],
};
