/**
 * 3.5 A with two gfns: who zaps a range owes a flush when it yields.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario } from '../../scenario.ts';
import { changeProperties, hostProcess, rcuProcess, smallBounds, tdpFiles, zapProcess } from './common.ts';
import { base2023 } from './common2023.ts';

/** No vCPU faults: what its TLB holds is enough. */
const small: Bounds = { ...smallBounds, fanout: 2, gfns: 2, pages: 2, budget: 0 };
function preset(bounds: Bounds): Preset {
  return { bounds, options: { tdp_enabled: true }, processes: [zapProcess(0, bounds.gfns), hostProcess(0, 1), rcuProcess] };
}

export const yieldingRange: Scenario = {
  name: '3.5 A yield',
  title: 'a zap yields between two gfns and owes a flush',
  engine: 'tdp',
  era: '2023',
  about: 'KVM zaps a range of two gfns, and may yield before the second one. The host takes the page behind the first one away meanwhile.',
  files: tdpFiles,
  prologue: { procedure: 'prologue_small_pages', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, gfns: 4, pages: 5 }),
    large: preset({ ...small, levels: 3, gfns: 8, pages: 8 }),
  },
  variants: [
    { ...base2023, title: '6.8 to 6.12: it flushes first', violated: [] },
    {
      name: 'unflushed',
      title: 'mutant: it flushes at the end',
      replacing: ['model/tdp/variants/yieldUnflushed.ts'],
      violated: ['I-20'],
    },
  ],
  properties: [...changeProperties, 'I-06', 'I-20', 'I-22', 'I-24', 'I-29', 'I-41', 'I-51'],
  interesting: [{ name: 'the host has freed a page', predicate: 'interesting_page_freed' }],
};
