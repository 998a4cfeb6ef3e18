/**
 * 3.4 E: a range whose end is off by one. User space clears one gfn of a huge page, the first one or a later one; or one of each of two.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario, ScenarioVariant } from '../../scenario.ts';
import { changeProperties, dirtyLogFiles, rcuProcess, smallBounds } from './common.ts';

const small: Bounds = { ...smallBounds, levels: 3, fanout: 2, gfns: 2, pages: 4, budget: 0 };

function presets(clearedGfns: number): Scenario['presets'] {
  const of = (bounds: Bounds): Preset => ({
    bounds,
    options: { tdp_enabled: true, tdp: { hugePages: true, manualProtect: true, initiallySet: true } },
    processes: [
      { name: 'clear', title: 'KVM_CLEAR_DIRTY_LOG', procedure: 'kvm_clear_dirty_log_protect', args: [clearedGfns], kind: 'essential' },
      rcuProcess,
    ],
  });
  return { small: of(small), medium: of({ ...small, gfns: 4, pages: 5 }), large: of({ ...small, gfns: 8, pages: 7 }) };
}
const common: Omit<Scenario, 'name' | 'title' | 'about' | 'presets' | 'variants'> = {
  engine: 'tdp',
  era: '2022',
  files: dirtyLogFiles,
  prologue: { procedure: 'prologue_initially_set', args: [] },
  properties: [...changeProperties, 'I-21', 'I-22', 'I-23', 'I-24', 'I-26', 'I-27', 'I-40'],
  interesting: [],
};
const merged: Omit<ScenarioVariant, 'violated'> = {
  name: 'merged',
  title: '5.18 to 6.7: the end is inclusive',
  forms: ['merged'],
  replacing: ['model/tdp/variants/inclusiveEnd.ts'],
};
const latest: Omit<ScenarioVariant, 'violated'> = { name: 'v6.8', title: '6.8: the end is exclusive', forms: ['fixed'], replacing: [] };

export const clearFirst: Scenario = {
  ...common,
  name: '3.4 E',
  title: 'the first gfn of a huge page is cleared alone',
  about: 'One process: the end of the range is the first gfn of the huge page, so a walk that takes it as exclusive visits nothing.',
  presets: presets(1),
  variants: [
    { ...merged, violated: ['I-40'] },
    { ...latest, violated: [] },
  ],
};
export const clearLater: Scenario = {
  ...common,
  name: '3.4 E later',
  title: 'another gfn of a huge page is cleared alone',
  about: 'As 3.4 E. A walk rounds down to the entry that it is in, so the huge page is visited in any case.',
  presets: presets(2),
  variants: [
    { ...merged, violated: [] },
    { ...latest, violated: [] },
  ],
};
/** Two huge pages, and one gfn of each is named. */
const both: Bounds = { ...small, gfns: 4, pages: 6 };
function presetsOfBoth(clearedGfns: number, both: Bounds): Scenario['presets'] {
  const tdp = { hugePages: true, manualProtect: true, initiallySet: true, allocationFails: true };
  const of = (bounds: Bounds): Preset => ({ ...presets(clearedGfns).small, bounds, options: { tdp_enabled: true, tdp } });
  return { small: of(both), medium: of({ ...both, pages: 7 }), large: of({ ...both, gfns: 8, pages: 9 }) };
}
export const clearAcross: Scenario = {
  ...common,
  name: '3.4 E across',
  title: 'gfns of two huge pages are cleared, and allocations may fail',
  about: 'One process. What cannot be split has to lose W, in either huge page: the guest may write to it through its TLB otherwise.',
  files: [...dirtyLogFiles, 'model/tdp/procedures/prologueClean.ts'],
  prologue: { procedure: 'prologue_two_huge_pages', args: [] },
  presets: presetsOfBoth(0b10_1000, { ...both, fanout: 4, gfns: 8 }),
  properties: [...common.properties.filter((id) => id !== 'I-40'), 'I-16'],
  variants: [
    { ...merged, violated: [] },
    { ...latest, violated: [] },
    {
      name: 'huge-writable',
      title: 'what stays huge keeps W',
      replacing: ['model/tdp/variants/hugeUnprotected.ts'],
      violated: ['I-16'],
    },
  ],
};
export const clearBoundary: Scenario = {
  ...clearAcross,
  name: '3.4 E boundary',
  title: 'the last gfn of a huge page and the first of the next are cleared, and allocations may fail',
  about:
    'As 3.4 E across. The kernel rounds both gfns up to find out that they are in two huge pages, and finds the same: the second keeps W if it cannot be split.',
  presets: presetsOfBoth(0b110, both),
  variants: [
    { name: 'v5.18', title: merged.title, replacing: merged.replacing, violated: ['I-16'] },
    { name: 'v6.8', title: latest.title, replacing: [], violated: ['I-16'] },
    { name: 'rounded', title: 'mended: both are rounded down', replacing: ['model/tdp/variants/largePagesRounded.ts'], violated: [] },
  ],
};
