/**
 * 3.3 E: the request to drop a root against the moment in which the root can be seen to be obsolete.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, levels: 1, pages: 2, pgds: 1, gfns: 1, budget: 1 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [
      ...vcpuProcesses(bounds),
      { name: 'emulator', title: 'kvm_mmu_unprotect_page()', procedure: 'kvm_mmu_unprotect_page', args: [0], kind: 'essential' },
    ],
  };
}

export const requestOrder: Scenario = {
  name: '3.3 E',
  title: 'the request before the root is invalid',
  era: '2021',
  about: 'One vCPU runs on PGD 0 and faults; another thread gives up emulating a write to that table and zaps its root.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_single', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 2, pages: 5, gfns: 2, budget: 3 }),
    large: preset({ ...small, levels: 2, fanout: 2, pages: 7, gfns: 3, budget: 4 }),
  },
  variants: [
    { ...fixed2021, violated: [] },
    {
      name: 'order',
      title: 'mutant: the request in its old place',
      replacing: ['model/variants/2021-obsolete-roots/requestBeforeInvalid.ts'],
      violated: ['I-04', 'I-10', 'I-11'],
    },
  ],
  properties: [...rootProperties, 'I-07'],
  interesting: [{ name: 'a root was zapped while a slot holds it', predicate: 'interesting_zapped_root_held' }],
};
