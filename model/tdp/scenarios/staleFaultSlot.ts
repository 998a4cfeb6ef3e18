/**
 * 3.1 D for the TDP MMU where a memslot goes: what keeps a fault from installing the page of a slot that is being deleted.
 */
import type { Preset, Scenario, ScenarioVariant } from '../../scenario.ts';
import type { RootBounds } from '../machine/rootBounds.ts';
import { rcuProcess } from './common.ts';
import { rootBounds, roots515, roots612, vcpuProcesses } from './commonRoots.ts';
import { updaterProcess } from './memslots.ts';
import { memslotRootFiles } from './preFault.ts';

function preset(bounds: RootBounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true },
    processes: [...vcpuProcesses(bounds), updaterProcess(false), rcuProcess],
  };
}
const small: RootBounds = { ...rootBounds, memslots: true, pages: 4 };
const folder = 'model/tdp/variants';
const deletes = [`${folder}/memslotGuest.ts`, `${folder}/slotZapAll.ts`];
const v515: Omit<ScenarioVariant, 'violated'> = {
  name: 'v5.15',
  title: '5.13 to 5.15: faults do not look at the root',
  replacing: [...roots515.replacing, ...deletes, `${folder}/faultUnchecked.ts`],
  exempt: roots515.exempt ?? [],
};

export const staleFaultSlot: Scenario = {
  name: '3.1 D TDP slot',
  title: 'a fault and the memslot that it is in',
  engine: 'tdp',
  era: '2013',
  about: 'A memslot is deleted, with a fast zap of everything, while a vCPU faults in it. The zap waits for SRCU readers of the old slots.',
  files: memslotRootFiles,
  prologue: { procedure: 'prologue_slot_unmapped', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, levels: 3, pages: 6 }),
    large: preset({ ...small, levels: 3, pages: 8, budget: 2 }),
  },
  variants: [
    { ...v515, forms: ['merged'], violated: [] },
    {
      ...v515,
      name: 'v5.15-unsynced',
      title: 'twin that does not wait for SRCU readers',
      replacing: [...v515.replacing, `${folder}/slotsUnsynced.ts`],
      violated: ['I-06', 'I-07', 'I-30', 'I-52', 'fault:useAfterFree'],
    },
    { ...roots612, name: 'checked', forms: ['fixed'], replacing: deletes, violated: [] },
    {
      ...roots612,
      name: 'checked-unsynced',
      title: '6.12, and does not wait for SRCU readers',
      replacing: [...deletes, `${folder}/slotsUnsynced.ts`],
      violated: ['fault:useAfterFree'],
    },
  ],
  properties: ['I-06', 'I-07', 'I-22', 'I-24', 'I-25', 'I-30', 'I-51', 'I-52', 'X-14'],
  interesting: [{ name: 'a fault goes on with the old slot', predicate: 'interesting_fault_in_old_slot' }],
};
