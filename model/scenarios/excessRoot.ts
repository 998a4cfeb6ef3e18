/**
 * 3.3 C: the current root of a vCPU is zapped; the valid root in its cache must stay.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { base2021, fixed2021, posted2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, vcpus: 2 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestWritesPgd: 0b10, writtenPgds: 1 },
    processes: vcpuProcesses(bounds),
  };
}

export const excessRoot: Scenario = {
  name: '3.3 C',
  title: 'a valid root is dropped with the zapped one',
  era: '2021',
  about:
    'vCPU 0 runs on PGD 0 and caches PGD 1; the guest of vCPU 1 overwrites the table of PGD 0 until it counts as flooded. The guest of ' +
    'vCPU 0 does nothing, and no guest writes another table, switches or faults.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_excess', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 4, budget: 6 }),
    large: preset({ ...small, pages: 5, prevRoots: 2, budget: 9 }),
  },
  variants: [
    { ...base2021, violated: ['I-35', 'I-36'], worst: { 'I-35': 1, 'I-36': 1 } },
    { ...posted2021, violated: ['I-36'] },
    { ...fixed2021, violated: [] },
  ],
  properties: rootProperties,
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
