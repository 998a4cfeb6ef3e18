/**
 * 3.5 B: two memslots map one host page.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario } from '../../scenario.ts';
import { changeProperties, rcuProcess, smallBounds, tdpFiles } from './common.ts';
import { base2023, counter2023 } from './common2023.ts';

function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, tdp: { sharedPfn: true } },
    processes: [
      { name: 'changer', title: 'mmu notifier 1', procedure: 'host_changes_page', args: [], kind: 'essential' },
      { name: 'host', title: 'mmu notifier 2', procedure: 'host_frees_page', args: [], kind: 'essential' },
      rcuProcess,
    ],
  };
}

export const sharedPage: Scenario = {
  name: '3.5 B',
  title: 'a notifier drops mmu_lock between two memslots',
  engine: 'tdp',
  era: '2023',
  about: 'The host changes its mapping of a page that two memslots map, and takes the page away. No vCPU faults; the guest uses its TLB.',
  files: [...tdpFiles, 'model/tdp/procedures/twoSlots.ts'],
  prologue: { procedure: 'prologue_small_pages', args: [] },
  presets: {
    small: preset({ ...smallBounds, fanout: 2, gfns: 2, pages: 2, budget: 0 }),
    medium: preset({ ...smallBounds, levels: 3, fanout: 2, gfns: 4, pages: 5, budget: 0 }),
    large: preset({ ...smallBounds, levels: 3, fanout: 2, gfns: 8, pages: 8, budget: 0 }),
  },
  variants: [
    { ...base2023, violated: [] },
    { ...counter2023, replacing: ['model/tdp/variants/counterNotifier.ts'], violated: ['I-20', 'I-24'] },
  ],
  properties: [...changeProperties, 'I-20', 'I-22', 'I-24', 'I-51'],
  interesting: [{ name: 'the host has freed a page', predicate: 'interesting_page_freed' }],
};
