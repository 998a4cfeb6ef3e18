/**
 * 3.3 D: a root that one vCPU caches is zapped; the other vCPU has nothing to do with it.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { base2021, fixed2021, posted2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, vcpus: 2, pages: 5, pgds: 3, gfns: 6 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestWritesPgd: 0b01, writtenPgds: 1, guestFaults: 0b10 },
    processes: vcpuProcesses(bounds),
  };
}

export const foreignReload: Scenario = {
  name: '3.3 D',
  title: 'the zap of one root and a vCPU that does not hold it',
  era: '2021',
  about:
    'vCPU 0 runs on PGD 1 and caches PGD 0, whose table its guest overwrites until it counts as flooded: the process of PGD 0 exits. vCPU 1 ' +
    'comes to run on PGD 2, and its guest faults.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_foreign', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 6, budget: 6 }),
    large: preset({ ...small, pages: 7, prevRoots: 2, budget: 9 }),
  },
  variants: [
    { ...base2021, violated: ['I-35', 'I-36'], worst: { 'I-35': 1, 'I-36': 1 } },
    { ...posted2021, violated: ['I-10'] },
    { ...fixed2021, violated: [] },
  ],
  properties: rootProperties,
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
