/**
 * Scenarios of progress: 3.1 B, and the live forms of 3.1 C, 3.3 A and 3.3 E, whose guest accesses memory for ever.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario, ScenarioProcess, ScenarioVariant } from '../scenario.ts';
import {
  base2021,
  everyVcpu,
  fastZap311,
  fixed2021,
  memslotProcess,
  nxProcess,
  posted2021,
  scenarioFiles,
  smallBounds,
  vcpuProcesses,
  zapAll310,
} from './common.ts';

const liveGuest = 'model/variants/progress/guest.ts';

/** The same variant with the guest that never comes to its end. */
function live<V extends Pick<ScenarioVariant, 'replacing'>>(variant: V): V {
  return { ...variant, replacing: [...variant.replacing, liveGuest], exempt: [] };
}

function preset(bounds: Bounds, other: ScenarioProcess, switches = false): Preset {
  return {
    bounds,
    options: { tdp_enabled: false, guestFaults: everyVcpu(bounds), ...(switches ? { guestSwitchesPgd: everyVcpu(bounds) } : {}) },
    processes: [...vcpuProcesses(bounds), other],
  };
}

const smallest: Bounds = { ...smallBounds, pages: 4, pgds: 1, gfns: 2, budget: 1, live: true };
const common = {
  files: [...scenarioFiles, 'model/scenarios/interestingProgress.ts'],
  interesting: [{ name: 'an access waits while its root is obsolete', predicate: 'interesting_access_on_obsolete_root' }],
  properties: ['I-31', 'I-32'],
  takesPatches: false,
} as const;

export const zapProgress: Scenario = {
  ...common,
  name: '3.1 B',
  title: 'a zap of everything that yields, while a guest faults for ever',
  era: '2013',
  about: 'A memslot is deleted while a vCPU, on a root with one table, faults whenever it gets the lock.',
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(smallest, memslotProcess),
    medium: preset({ ...smallest, vcpus: 2, pages: 6, parents: 2 }, memslotProcess),
    large: preset({ ...smallest, fanout: 2, levels: 3, pages: 12, gfns: 7 }, memslotProcess),
  },
  variants: [
    live({ ...zapAll310, violated: [] }),
    live({
      ...zapAll310,
      name: 'naive',
      title: '3.10 that yields after each page and begins again until the list is empty',
      forms: [],
      replacing: [...zapAll310.replacing.filter((file) => !file.endsWith('/v310ZapAll.ts')), 'model/variants/progress/naiveYield.ts'],
      violated: ['I-31'],
    }),
    live({ ...fastZap311, violated: [] }),
    live({ ...fixed2021, forms: [], name: 'v5.19', title: '5.19: generation toggled, roots dropped on request', violated: [] }),
  ],
};

const orderBounds: Bounds = { ...smallest, levels: 1, pages: 2, gfns: 1 };

export const zapOrderLive: Scenario = {
  ...common,
  name: '3.1 C live',
  title: 'the request before the generation changes, and the guest goes on',
  era: '2013',
  about: 'A change of the NX parameter zaps everything while a vCPU on its only root accesses memory for ever.',
  prologue: { procedure: 'prologue_single', args: [] },
  presets: {
    small: preset(orderBounds, nxProcess),
    medium: preset({ ...smallest, fanout: 2, pages: 7, gfns: 3 }, nxProcess),
    large: preset({ ...smallest, fanout: 2, levels: 3, pages: 14, gfns: 7 }, nxProcess),
  },
  variants: [
    live({ ...fixed2021, forms: [], violated: [] }),
    live({
      name: 'order',
      title: 'mutant: FREE_OBSOLETE_ROOTS first, then the generation',
      replacing: ['model/variants/2013-fast-zap/requestBeforeBump.ts'],
      violated: ['I-32'],
    }),
  ],
};

const switching: Bounds = { ...smallBounds, pages: 8, quota: 12, batch: 0, live: true };

export const obsoleteRootLive: Scenario = {
  ...common,
  name: '3.3 A live',
  title: 'a guest comes back to an obsolete root, and goes on',
  era: '2021',
  about:
    'A change of the NX parameter zaps everything while a vCPU, on the root of PGD 0 with one table below it, switches between two PGDs ' +
    'and accesses memory for ever.',
  prologue: { procedure: 'prologue_touched', args: [] },
  presets: {
    small: preset(switching, nxProcess, true),
    medium: preset({ ...switching, pages: 9, prevRoots: 2, pgds: 3, gfns: 6 }, nxProcess, true),
    large: preset({ ...switching, vcpus: 2, pages: 10 }, nxProcess, true),
  },
  variants: [live({ ...base2021, violated: [] }), live({ ...posted2021, violated: ['I-32'] }), live({ ...fixed2021, violated: [] })],
};

const emulator: ScenarioProcess = {
  name: 'emulator',
  title: 'kvm_mmu_unprotect_page()',
  procedure: 'kvm_mmu_unprotect_page',
  args: [0],
  kind: 'essential',
};

export const requestOrderLive: Scenario = {
  ...common,
  name: '3.3 E live',
  title: 'the request before the root is invalid, and the guest goes on',
  era: '2021',
  about: 'One vCPU accesses memory on PGD 0 for ever; another thread gives up emulating a write to that table and zaps its root.',
  prologue: { procedure: 'prologue_single', args: [] },
  presets: {
    small: preset(orderBounds, emulator),
    medium: preset({ ...smallest, fanout: 2, pages: 7, gfns: 3 }, emulator),
    large: preset({ ...smallest, fanout: 2, levels: 3, pages: 14, gfns: 7 }, emulator),
  },
  variants: [
    live({ ...fixed2021, forms: [], violated: [] }),
    live({
      name: 'order',
      title: 'mutant: the request in its old place',
      replacing: ['model/variants/2021-obsolete-roots/requestBeforeInvalid.ts'],
      violated: ['I-32'],
    }),
  ],
};
