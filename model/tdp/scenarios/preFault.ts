/**
 * 2.6: KVM_PRE_FAULT_MEMORY against those who want something of its vCPU.
 */
import type { Preset, Scenario, ScenarioProcess, ScenarioVariant } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { rcuProcess } from './common.ts';
import { rootBounds, rootFiles, zapAllProcess } from './commonRoots.ts';
import { updaterProcess } from './memslots.ts';

export const memslotRootFiles: readonly string[] = [
  ...rootFiles,
  ...['memslots', 'memslotFlush', 'memslotNotifier', 'memslotFault', 'memslotRoots', 'preFault'].map(
    (name) => `model/tdp/procedures/${name}.ts`,
  ),
  'model/tdp/interestingSlots.ts',
];
const caller: ScenarioProcess = {
  name: 'vcpu0',
  title: 'KVM_PRE_FAULT_MEMORY',
  procedure: 'kvm_vcpu_pre_fault_memory',
  args: [1],
  kind: 'essential',
};
const bounds: RootBounds = { ...rootBounds, memslots: true, pages: 4 };
function preset(scaled: RootBounds, other: ScenarioProcess): Preset {
  return { bounds: scaled, options: { tdp_enabled: true, tdp: { sharedPfn: true } }, processes: [caller, other, rcuProcess] };
}
const shared: Pick<Scenario, 'engine' | 'era' | 'files' | 'prologue'> = {
  engine: 'tdp',
  era: '2023',
  files: memslotRootFiles,
  prologue: { procedure: 'prologue_slot_unmapped', args: [] },
};
const v612: Omit<ScenarioVariant, 'violated'> = {
  name: 'v6.12',
  title: '6.11 and 6.12: tries again until there is a signal',
  replacing: [],
};

export const preFaultDelete: Scenario = {
  ...shared,
  name: '2.6',
  title: 'a page is pre-faulted while its memslot is deleted',
  about: 'User space deletes a memslot while it pre-faults a page of it. No signal comes.',
  presets: {
    small: preset(bounds, updaterProcess(false)),
    medium: preset({ ...bounds, levels: 3, pages: 6 }, updaterProcess(false)),
    large: preset({ ...bounds, levels: 4, pages: 8 }, updaterProcess(false)),
  },
  variants: [
    { ...v612, violated: ['I-51'] },
    {
      name: 'again',
      title: 'after 6.12: an INVALID slot ends it with -EAGAIN',
      replacing: ['model/tdp/variants/preFaultAgain.ts'],
      violated: [],
    },
  ],
  properties: ['I-22', 'I-24', 'I-51', 'I-52', 'X-14'],
  interesting: [{ name: 'a fault goes on with the old slot', predicate: 'interesting_fault_in_old_slot' }],
};

export const preFaultZapAll: Scenario = {
  ...shared,
  name: '2.6 zap',
  title: 'a page is pre-faulted when everything has been zapped',
  about: 'Everything is zapped before or while user space pre-faults a page. No signal comes.',
  presets: {
    small: preset(bounds, zapAllProcess),
    medium: preset({ ...bounds, levels: 3, pages: 6 }, zapAllProcess),
    large: preset({ ...bounds, levels: 4, pages: 8 }, zapAllProcess),
  },
  variants: [
    { ...v612, violated: ['I-32'] },
    {
      name: 'reload',
      title: 'after 6.12: a request to free obsolete roots is serviced before a root is loaded, once',
      replacing: ['model/tdp/variants/preFaultReload.ts'],
      violated: ['I-32'],
    },
    {
      name: 'reloadEach',
      title: 'the same before each try',
      replacing: ['model/tdp/variants/preFaultReload.ts', 'model/tdp/variants/preFaultReloadEach.ts'],
      violated: [],
    },
  ],
  properties: ['I-22', 'I-24', 'I-32', 'I-51', 'X-14'],
  interesting: [{ name: 'a vCPU holds an invalid root', predicate: 'interesting_invalid_root_held' }],
};
