/**
 * 3.3 G: a root without a shadow page, and what is zapped below it or elsewhere.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { fixed2021, posted2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, vcpus: 2, pages: 6, flood: 2, budget: 2 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, usesPaeRoot: 0b01, guestWritesPgd: 0b10, guestFaults: 0b01 },
    processes: vcpuProcesses(bounds),
  };
}

export const specialRoot: Scenario = {
  name: '3.3 G',
  title: 'a special root and the page below it',
  era: '2021',
  about:
    'vCPU 0 runs on a special root for PGD 0, vCPU 1 on PGD 1; the guest of vCPU 1 overwrites either table until it counts as flooded. The ' +
    'guest of vCPU 0 faults.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_special', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, pages: 6, flood: 3, budget: 3 }),
    large: preset({ ...small, pages: 8, flood: 3, budget: 6 }),
  },
  variants: [
    { ...posted2021, violated: [] },
    { ...fixed2021, violated: [] },
    {
      name: 'untested',
      title: 'twin: no test for a root without a shadow page',
      replacing: ['model/variants/2021-obsolete-roots/specialUntested.ts'],
      violated: ['fault:nullDereference'],
    },
    {
      name: 'neverObsolete',
      title: 'twin: a root without a shadow page is never obsolete',
      replacing: ['model/variants/2021-obsolete-roots/specialNeverObsolete.ts'],
      violated: ['I-04', 'I-07', 'I-10'],
    },
    {
      name: 'requestUnseen',
      title: 'twin: a fault below a root without a shadow page ignores the request to drop it',
      replacing: ['model/variants/2021-obsolete-roots/specialStaleUntested.ts'],
      violated: ['I-07'],
    },
  ],
  properties: [...rootProperties, 'I-07'],
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
