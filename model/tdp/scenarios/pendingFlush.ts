/**
 * 3.5 A and C: a flush that is still owed when somebody else looks.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario } from '../../scenario.ts';
import { changeProperties, hostProcess, rcuProcess, smallBounds, tdpFiles, vcpuProcess, zapProcess } from './common.ts';
import { base2023, bothFlush2023, bothShared2023, bothWait2023, counter2023, posted2023 } from './common2023.ts';

function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true },
    processes: [zapProcess(0, bounds.gfns), hostProcess(0, 1), vcpuProcess, rcuProcess],
  };
}
const shared: Pick<Scenario, 'engine' | 'era' | 'files' | 'prologue' | 'presets' | 'properties' | 'interesting'> = {
  engine: 'tdp',
  era: '2023',
  files: tdpFiles,
  prologue: { procedure: 'prologue_small_pages', args: [] },
  presets: {
    small: preset({ ...smallBounds, pages: 3 }),
    medium: preset({ ...smallBounds, fanout: 2, gfns: 2, pages: 4 }),
    large: preset({ ...smallBounds, levels: 3, fanout: 2, gfns: 4, pages: 8 }),
  },
  properties: [...changeProperties, 'I-06', 'I-20', 'I-22', 'I-24', 'I-25', 'I-29', 'I-41', 'I-51'],
  interesting: [{ name: 'the host has freed a page', predicate: 'interesting_page_freed' }],
};

export const pendingFlush: Scenario = {
  ...shared,
  name: '3.5 A',
  title: 'a zap drops mmu_lock and owes a flush',
  about: 'KVM zaps a range while the host takes a page of it away and a vCPU faults. The guest may use whatever its TLB holds.',
  variants: [
    { ...base2023, violated: [] },
    { ...posted2023, violated: [] },
    { ...counter2023, violated: ['I-20', 'I-24'] },
  ],
};

export const twoSharedZappers: Scenario = {
  ...shared,
  name: '3.5 C',
  title: 'two zappers with the read lock',
  about: 'As 3.5 A. One zapper freezes an SPTE and has yet to flush; the other one is the notifier, and finds nothing to zap.',
  variants: [
    { ...base2023, violated: [] },
    { ...bothShared2023, violated: ['I-20', 'I-29'] },
    { ...bothFlush2023, violated: ['I-29'] },
    { ...bothWait2023, violated: ['I-29'] },
    {
      ...bothWait2023,
      name: 'both-wait-6.1',
      title: 'and an SPTE stays frozen until all is done, as until 6.7',
      replacing: [...bothWait2023.replacing, 'model/tdp/variants/zapTellsFirst.ts'],
      violated: [],
    },
  ],
};
