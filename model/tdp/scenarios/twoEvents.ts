/**
 * 2.17: two notifier events at once.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario } from '../../scenario.ts';
import { hostProcess, rcuProcess, smallBounds, tdpFiles, vcpuProcess } from './common.ts';

const bounds: Bounds = { ...smallBounds, fanout: 2, gfns: 2, pages: 3 };
function preset(scaled: Bounds): Preset {
  const second = { ...hostProcess(1, 2), name: 'host1', title: 'mmu notifier 1' };
  return {
    bounds: scaled,
    options: { tdp_enabled: true },
    processes: [{ ...hostProcess(0, 1), name: 'host0', title: 'mmu notifier 0' }, second, vcpuProcess, rcuProcess],
  };
}

export const twoEvents: Scenario = {
  name: '2.17',
  title: 'two notifier events at once',
  engine: 'tdp',
  era: '2023',
  about: 'The host takes two pages away while a vCPU faults. One event may begin and end inside the other.',
  files: tdpFiles,
  prologue: { procedure: 'prologue_small_pages', args: [] },
  presets: {
    small: preset(bounds),
    medium: preset({ ...bounds, budget: 2 }),
    large: preset({ ...bounds, levels: 3, pages: 6, budget: 2 }),
  },
  variants: [
    { name: 'v6.12', title: '6.8 to 6.12: the range grows while an event is under way', replacing: [], violated: [] },
    {
      name: 'reset',
      title: 'twin: each event sets the range anew',
      replacing: ['model/tdp/variants/rangeReset.ts'],
      violated: ['I-06', 'I-20'],
    },
  ],
  properties: ['I-06', 'I-20', 'I-22', 'I-24', 'I-25', 'I-41', 'I-51', 'X-14'],
  interesting: [{ name: 'two events are under way', predicate: 'interesting_two_events' }],
};
