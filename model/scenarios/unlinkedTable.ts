/**
 * 2.2: a table is zapped and freed while a guest runs on it.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, fixed2021, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const small: Bounds = { ...smallBounds, pages: 3, pgds: 1, gfns: 2, budget: 2 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds) },
    processes: [
      ...vcpuProcesses(bounds),
      { name: 'emulator', title: 'kvm_mmu_unprotect_page()', procedure: 'kvm_mmu_unprotect_page', args: [1], kind: 'essential' },
    ],
  };
}

export const unlinkedTable: Scenario = {
  name: '2.2',
  title: 'a table is freed under a running guest',
  era: '2021',
  about:
    'One vCPU runs on the root of PGD 0 and the table below it; another thread gives up emulating a write to that table, whose page is ' +
    'unlinked, flushed and freed. The guest faults and writes to no table.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, gfns: 3, pages: 6, budget: 4 }),
    large: preset({ ...small, vcpus: 2, budget: 4, pages: 4 }),
  },
  variants: [{ ...fixed2021, violated: [] }],
  properties: [...rootProperties.filter((id) => !['I-35', 'I-36', 'I-39', 'I-48'].includes(id)), 'I-07'],
  interesting: [{ name: 'the table was unlinked', predicate: 'interesting_root_is_empty' }],
};
