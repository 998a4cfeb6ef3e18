/**
 * 3.4 A to D: huge pages are split when dirty logging is enabled.
 */
import type { Bounds, ModelOptions } from '../../machine/index.ts';
import type { Preset, Scenario, ScenarioProcess, ScenarioVariant } from '../../scenario.ts';
import { dirtyLogFiles, rcuProcess, smallBounds, vcpuProcess } from './common.ts';

/** Root 3, one huge leaf in a table of level 2, and what it is split into. */
const small: Bounds = { ...smallBounds, levels: 3, fanout: 2, gfns: 2, pages: 4, budget: 2 };
const migration: ScenarioProcess = { name: 'migration', title: 'dirty log', procedure: 'migrate', args: [], kind: 'essential' };
const splitter: ScenarioProcess = {
  name: 'splitter',
  title: 'dirty log',
  procedure: 'kvm_mmu_slot_try_split_huge_pages',
  args: [0, 2],
  kind: 'essential',
};
const recovery: ScenarioProcess = {
  name: 'recovery',
  title: 'NX recovery',
  procedure: 'kvm_recover_nx_huge_pages',
  args: [],
  kind: 'essential',
};

function presets(bounds: Bounds, options: ModelOptions['tdp'], processes: readonly ScenarioProcess[]): Scenario['presets'] {
  const of = (changed: Bounds): Preset => ({
    bounds: changed,
    options: { tdp_enabled: true, tdp: { hugePages: true, ...options } },
    processes: [...processes, rcuProcess],
  });
  return {
    small: of(bounds),
    medium: of({ ...bounds, budget: bounds.budget + 1, pages: bounds.pages + 1 }),
    large: of({ ...bounds, gfns: 4, budget: bounds.budget + 2, pages: bounds.pages + 3 }),
  };
}
const latest: Omit<ScenarioVariant, 'violated'> = {
  name: 'v6.12',
  title: '6.10 to 6.12: locks are dropped to allocate',
  forms: ['fixed'],
  replacing: [],
};
const common: Pick<Scenario, 'engine' | 'era' | 'files' | 'prologue' | 'interesting'> = {
  engine: 'tdp',
  era: '2022',
  files: [...dirtyLogFiles, 'model/tdp/procedures/nxRecovery.ts'],
  prologue: { procedure: 'prologue_huge_page', args: [] },
  interesting: [{ name: 'the huge page is split', predicate: 'interesting_split' }],
};
const splitProperties: readonly string[] = ['I-05', 'I-21', 'I-22', 'I-23', 'I-24', 'I-27'];
const folder = 'model/tdp/variants';

export const splitAndLog: Scenario = {
  ...common,
  name: '3.4 A',
  title: 'every write is in a later harvest',
  about: 'Logging is enabled, harvested while the guest writes, and harvested once more when it has stopped. Only writes are looked at.',
  presets: presets(small, { guestWrites: true }, [migration, vcpuProcess]),
  variants: [
    {
      name: 'base',
      title: 'until 5.17: nothing is split ahead, a fault unmaps the rest of the huge page',
      replacing: [`${folder}/faultZapsHuge.ts`, `${folder}/unsplitEnable.ts`],
      violated: [],
    },
    { ...latest, violated: [] },
    {
      name: 'unflushed',
      title: 'enabling returns without its flush',
      replacing: [`${folder}/unflushedEnable.ts`],
      violated: ['I-16', 'I-17'],
    },
  ],
  properties: [...splitProperties, 'I-16', 'I-17'],
};

export const splitLockDrop: Scenario = {
  ...common,
  name: '3.4 C',
  title: 'the table that was being split goes while the lock is dropped',
  about: 'A huge page is split while the worker of NX huge pages takes the table back that maps it.',
  presets: presets({ ...small, budget: 0 }, {}, [splitter, recovery]),
  variants: [
    { ...latest, violated: [] },
    {
      name: 'continued',
      title: 'goes on where it was before it dropped the locks',
      replacing: [`${folder}/splitContinued.ts`],
      violated: ['fault:useAfterFree'],
    },
  ],
  properties: splitProperties,
};

export const splitAndFault: Scenario = {
  ...common,
  name: '3.4 D',
  title: 'a fault splits the same huge page',
  about: 'The slot is logged; a write fault meets the huge leaf that is being split.',
  prologue: { procedure: 'prologue_logged_huge_page', args: [] },
  presets: presets({ ...small, pages: 5, budget: 1 }, { allocationFails: true }, [splitter, vcpuProcess]),
  variants: [
    { ...latest, violated: [] },
    {
      name: 'v1',
      title: 'first posting: -ENOMEM inside the RCU section',
      forms: ['posted'],
      replacing: [`${folder}/splitFailsInRcu.ts`],
      violated: ['I-22'],
    },
  ],
  properties: splitProperties,
};

const clearer: ScenarioProcess = {
  name: 'clear',
  title: 'clear dirty bits',
  procedure: 'kvm_mmu_slot_leaf_clear_dirty',
  args: [],
  kind: 'essential',
};
export const clearAndFault: Scenario = {
  ...common,
  name: '3.4 F',
  title: 'a fault splits a huge page whose dirty bit is being cleared',
  about: 'D bits are cleared with the read lock; a write fault splits the huge leaf between snapshot and exchange.',
  files: [...common.files, 'model/tdp/procedures/clearDirty.ts'],
  prologue: { procedure: 'prologue_logged_huge_page', args: [] },
  presets: presets({ ...small, pages: 4, budget: 1 }, { adBits: true }, [clearer, vcpuProcess]),
  variants: [
    { name: 'merged', title: 'until 6.7', forms: ['merged'], replacing: [`${folder}/leafUnchecked.ts`], violated: [] },
    { ...latest, name: 'v6.8', title: '6.8 and later: a leaf is looked at anew', violated: [] },
    {
      ...latest,
      name: 'v6.8-write',
      title: '6.8 and later, where W goes instead of D',
      replacing: [`${folder}/writeFormChecked.ts`],
      violated: [],
    },
    { name: 'write-form', title: 'takes W away, as until 6.7', replacing: [`${folder}/writeForm.ts`], violated: ['I-19'] },
  ],
  properties: ['I-19', 'I-21', 'I-22', 'I-24', 'I-27'],
};
