/**
 * 2.21 with the fast zap: a memslot is deleted, and everything is zapped.
 */
import type { Preset, Scenario } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { rcuProcess } from './common.ts';
import { rootBounds, vcpuProcesses } from './commonRoots.ts';
import { slotHost, updaterProcess } from './memslots.ts';
import { memslotRootFiles } from './preFault.ts';

const bounds: RootBounds = { ...rootBounds, memslots: true, pages: 4 };
function preset(scaled: RootBounds, others: Preset['processes']): Preset {
  return {
    bounds: scaled,
    options: { tdp_enabled: true, tdp: { sharedPfn: true } },
    processes: [...vcpuProcesses(scaled), updaterProcess(false), ...others, rcuProcess],
  };
}
const folder = 'model/tdp/variants';

export const deletedSlotZapAll: Scenario = {
  name: '2.21 zap',
  title: 'a memslot is deleted, and everything is zapped',
  engine: 'tdp',
  era: '2023',
  about: 'User space deletes a memslot while a vCPU faults in it. Its root is invalidated, and it loads another one.',
  files: memslotRootFiles,
  prologue: { procedure: 'prologue_slot_and_root', args: [] },
  presets: {
    small: preset(bounds, []),
    medium: preset(bounds, [slotHost]),
    large: preset({ ...bounds, levels: 3, pages: 7, budget: 2 }, [slotHost]),
  },
  variants: [
    {
      name: 'zapAll',
      title: '6.9 to 6.12, with KVM_X86_QUIRK_SLOT_ZAP_ALL: roots are invalidated and zapped with the read lock',
      replacing: [`${folder}/memslotGuest.ts`, `${folder}/memslotZapAll.ts`],
      violated: [],
    },
  ],
  properties: ['I-04', 'I-10', 'I-22', 'I-24', 'I-25', 'I-30', 'I-41', 'I-51', 'I-52', 'X-14'],
  interesting: [
    { name: 'a fault goes on with the old slot', predicate: 'interesting_fault_in_old_slot' },
    { name: 'a vCPU holds an invalid root', predicate: 'interesting_invalid_root_held' },
  ],
};
