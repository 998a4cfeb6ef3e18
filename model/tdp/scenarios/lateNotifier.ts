/**
 * 3.5 E: a notifier against a root that was invalidated and has not been zapped yet.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { changeProperties, hostProcess, rcuProcess } from './common.ts';
import { rootBounds, rootFiles, roots63, roots612, vcpuProcesses, zapAllProcess, zapWorkerProcess } from './commonRoots.ts';

function preset(bounds: RootBounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true },
    processes: [...vcpuProcesses(bounds), zapAllProcess, hostProcess(0, 1), zapWorkerProcess, rcuProcess],
  };
}
const small: RootBounds = { ...rootBounds, levels: 1, pages: 3, budget: 1 };

export const lateNotifier: Scenario = {
  name: '3.5 E',
  title: 'a notifier and a root that is to be zapped',
  engine: 'tdp',
  era: '2023',
  about: 'Everything is zapped while the host takes a page away. The invalid root still maps the page when its notifier comes.',
  files: rootFiles,
  prologue: { procedure: 'prologue_mapped', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, fanout: 2, gfns: 2 }),
    large: preset({ ...small, levels: 3, fanout: 2, gfns: 4, pages: 9, budget: 1 }),
  },
  variants: [
    { ...roots612, title: 'notifiers walk all roots', violated: [] },
    { ...roots63, violated: [] },
    {
      ...roots612,
      name: 'valid-only',
      title: 'notifiers walk valid roots only',
      replacing: ['model/tdp/variants/validRootsOnly.ts'],
      violated: ['I-06', 'I-29'],
    },
    {
      ...roots612,
      name: 'late-request',
      title: 'mutant: the request after mmu_lock is dropped',
      replacing: ['model/tdp/variants/rootRequestLate.ts'],
      violated: ['I-20'],
    },
  ],
  properties: [...changeProperties, 'I-05', 'I-06', 'I-20', 'I-22', 'I-24', 'I-25', 'I-27', 'I-29', 'I-30', 'I-51'],
  interesting: [{ name: 'the host has freed a page before the root was zapped', predicate: 'interesting_freed_before_zap' }],
};
