/**
 * 3.5 D: a zap that does not announce itself.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario } from '../../scenario.ts';
import { changeProperties, rcuProcess, smallBounds, tdpFiles, vcpuProcess, zapProcess } from './common.ts';
import { base2023, noRetry513, posted2023 } from './common2023.ts';

function preset(bounds: Bounds): Preset {
  return { bounds, options: { tdp_enabled: true }, processes: [zapProcess(0, bounds.gfns), vcpuProcess, rcuProcess] };
}

export const unannouncedZap: Scenario = {
  name: '3.5 D',
  title: 'a fault installs what it looked up before a zap',
  engine: 'tdp',
  era: '2023',
  about: 'KVM zaps a range while a vCPU faults in it.',
  files: tdpFiles,
  prologue: { procedure: 'prologue_small_pages', args: [] },
  presets: {
    small: preset({ ...smallBounds, pages: 3 }),
    medium: preset({ ...smallBounds, fanout: 2, gfns: 2, pages: 4, budget: 2 }),
    large: preset({ ...smallBounds, levels: 3, fanout: 2, gfns: 4, pages: 8, budget: 2 }),
  },
  variants: [
    { ...noRetry513, violated: ['I-06'] },
    { ...base2023, violated: [] },
    { ...posted2023, violated: [] },
  ],
  properties: [...changeProperties, 'I-06', 'I-22', 'I-24', 'I-25', 'I-41', 'I-51'],
  interesting: [{ name: 'a zap began after a fault looked its page up', predicate: 'interesting_stale_lookup' }],
};
