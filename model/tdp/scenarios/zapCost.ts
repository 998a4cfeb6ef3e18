/**
 * 3.5 F: what a zap of a range costs while others want mmu_lock at every check.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario } from '../../scenario.ts';
import { changeProperties, rcuProcess, smallBounds, tdpFiles, vcpuProcess, zapProcess } from './common.ts';
import { base2023, posted2023 } from './common2023.ts';

/** Two whole tables of level 1 below a table that is not the root, so that the posted form may zap either at once. */
const counting: Bounds = { ...smallBounds, levels: 3, fanout: 2, gfns: 4, pages: 6, costs: true };
function preset(bounds: Bounds): Preset {
  return { bounds, options: { tdp_enabled: true }, processes: [zapProcess(0, bounds.gfns), vcpuProcess, rcuProcess] };
}

export const zapRangeCost: Scenario = {
  name: '3.5 F',
  title: 'yields and flushes of a zap of a range',
  engine: 'tdp',
  era: '2023',
  about:
    'KVM zaps all gfns of two tables while a vCPU faults. Each check whether to yield may find mmu_lock contended. With the write lock ' +
    'that is a yield for each gfn but the first, and a flush for each; where links to tables are zapped, a flush for each table.',
  files: tdpFiles,
  prologue: { procedure: 'prologue_small_pages', args: [] },
  presets: {
    small: preset(counting),
    medium: preset({ ...counting, pages: 7, budget: 2 }),
    large: preset({ ...counting, fanout: 3, gfns: 9, pages: 8, budget: 2 }),
  },
  variants: [
    { ...base2023, violated: [], worst: { 'I-33': 1, 'I-34': 3, flushes: 4 } },
    { ...posted2023, violated: [], worst: { 'I-33': 3, 'I-34': 1, flushes: 2 } },
  ],
  properties: [...changeProperties, 'I-06', 'I-22', 'I-24', 'I-33', 'I-34', 'I-51'],
  measures: ['flushes'],
  interesting: [{ name: 'a zap began after a fault looked its page up', predicate: 'interesting_stale_lookup' }],
};
