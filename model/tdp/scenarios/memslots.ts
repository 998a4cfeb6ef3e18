/**
 * 2.21: a memslot is deleted, or moved, while a vCPU faults in it and the host takes its page away.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario, ScenarioProcess, ScenarioVariant } from '../../scenario.ts';
import { rcuProcess, smallBounds, tdpFiles, zapProcess } from './common.ts';

export const memslotFiles: readonly string[] = [
  ...tdpFiles,
  ...['memslots', 'memslotFlush', 'memslotNotifier', 'memslotFault', 'memslotVcpu'].map((name) => `model/tdp/procedures/${name}.ts`),
  'model/tdp/interestingSlots.ts',
];
const vcpu: ScenarioProcess = { name: 'vcpu0', title: 'vCPU 0', procedure: 'vcpu_run_by_slot', args: [1], kind: 'essential' };
/** `move`: to the last gfn; otherwise it is deleted. */
export function updaterProcess(move: boolean): ScenarioProcess {
  const title = move ? 'KVM_SET_USER_MEMORY_REGION: move' : 'KVM_SET_USER_MEMORY_REGION: delete';
  return { name: 'updater', title, procedure: 'kvm_vm_ioctl_set_memory_region', args: [move ? 1 : 0], kind: 'essential' };
}
export const slotHost: ScenarioProcess = {
  name: 'host',
  title: 'mmu notifier',
  procedure: 'host_frees_slot_page',
  args: [1],
  kind: 'essential',
};
/** As for the OOM reaper: it may not sleep. */
const changer: ScenarioProcess = {
  name: 'changer',
  title: 'mmu notifier that may not block',
  procedure: 'host_changes_slot_page',
  args: [0],
  kind: 'essential',
};

const bounds: Bounds = { ...smallBounds, memslots: true, pages: 3 };
function preset(scaled: Bounds, processes: readonly ScenarioProcess[]): Preset {
  const options = { tdp_enabled: true, tdp: { sharedPfn: true, slotZapsItself: true } };
  return { bounds: scaled, options, processes: [...processes, vcpu, rcuProcess] };
}
const shared: Pick<Scenario, 'engine' | 'era' | 'files' | 'prologue' | 'properties' | 'interesting'> = {
  engine: 'tdp',
  era: '2023',
  files: memslotFiles,
  prologue: { procedure: 'prologue_mapped_slot', args: [] },
  properties: ['I-20', 'I-22', 'I-24', 'I-25', 'I-41', 'I-51', 'I-52', 'X-13', 'X-14'],
  interesting: [{ name: 'a fault goes on with the old slot', predicate: 'interesting_fault_in_old_slot' }],
};

const slotZap: Omit<ScenarioVariant, 'violated'> = {
  name: 'slot',
  title: '6.12 with KVM_X86_QUIRK_SLOT_ZAP_ALL off: the leaves of the slot are zapped',
  replacing: [],
};

export const deletedSlot: Scenario = {
  ...shared,
  name: '2.21',
  title: 'a memslot is deleted',
  about: 'User space deletes a memslot while a vCPU faults in it and the host takes the page behind it away.',
  presets: {
    small: preset(bounds, [updaterProcess(false), slotHost]),
    medium: preset({ ...bounds, budget: 2 }, [updaterProcess(false), slotHost, changer]),
    large: preset({ ...bounds, vcpus: 1, levels: 3, pages: 5, budget: 2 }, [updaterProcess(false), slotHost, changer]),
  },
  variants: [{ ...slotZap, violated: [] }],
};

const moved: Bounds = { ...bounds, fanout: 2, gfns: 2 };
export const movedSlot: Scenario = {
  ...shared,
  name: '2.21 move',
  title: 'a memslot is moved',
  about: 'User space moves a memslot to the next gfn while a vCPU faults in both and the host takes the page behind it away.',
  presets: {
    small: preset(moved, [updaterProcess(true), slotHost]),
    medium: preset({ ...moved, budget: 2 }, [updaterProcess(true), slotHost]),
    large: preset({ ...moved, levels: 3, pages: 5, budget: 2 }, [updaterProcess(true), slotHost, changer]),
  },
  variants: deletedSlot.variants,
};

export const waitingWriter: Scenario = {
  ...shared,
  name: '2.21 writer',
  title: 'a memslot is deleted while somebody waits to write',
  about:
    'User space deletes a memslot while a vCPU faults in it and KVM zaps a range. A writer that waits for mmu_lock keeps new readers out, ' +
    'so who holds it for read must not wait for one of them.',
  presets: {
    small: preset(bounds, [updaterProcess(false), zapProcess(0, 1)]),
    medium: preset({ ...bounds, budget: 2 }, [updaterProcess(false), zapProcess(0, 1)]),
    large: preset({ ...bounds, levels: 3, pages: 5, budget: 2 }, [updaterProcess(false), zapProcess(0, 1), slotHost]),
  },
  variants: [
    { ...slotZap, violated: [] },
    {
      name: 'underLock',
      title: 'twin: SRCU readers are waited for with mmu_lock held for read',
      replacing: ['model/tdp/variants/srcuUnderReadLock.ts'],
      violated: ['I-51'],
    },
  ],
  properties: ['I-22', 'I-24', 'I-51', 'I-52', 'X-14'],
};
