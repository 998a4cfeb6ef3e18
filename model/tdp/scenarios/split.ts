/**
 * 3.4 A to D: huge pages are split when dirty logging is enabled.
 */
import type { Scenario, ScenarioProcess } from '../../scenario.ts';
import { changeProperties, vcpuProcess } from './common.ts';
import {
  base2022,
  common,
  first2022,
  folder,
  latest,
  merged2022,
  migrationPresets,
  posted2022,
  presets,
  recovery,
  sleeping2022,
  small,
  splitProperties,
  splitter,
} from './common2022.ts';

export const splitAndLog: Scenario = {
  ...common,
  name: '3.4 A',
  title: 'every write is in a later harvest',
  about: 'Logging is enabled, harvested while the guest writes, and harvested once more when it has stopped. Only writes are looked at.',
  presets: migrationPresets({ ...small, costs: true }, { guestWrites: true }),
  variants: [
    { ...base2022, violated: [], worst: { lockedFaults: 2 } },
    { ...posted2022, violated: [], worst: { lockedFaults: 0 } },
    { ...merged2022, violated: [], worst: { lockedFaults: 0 } },
    { ...latest, violated: [], worst: { lockedFaults: 0 } },
    {
      name: 'unflushed',
      title: 'enabling returns without its flush',
      replacing: [`${folder}/unflushedEnable.ts`],
      violated: ['I-16', 'I-17'],
    },
  ],
  properties: [...splitProperties, 'I-16', 'I-17'],
  measures: ['lockedFaults'],
};

const protector: ScenarioProcess = {
  name: 'protector',
  title: 'dirty log',
  procedure: 'kvm_mmu_slot_remove_write_access',
  args: [1],
  kind: 'essential',
};
export const splitAndProtect: Scenario = {
  ...common,
  name: '3.4 B',
  title: 'a fault splits a huge page that is losing W',
  about: 'What could not be split ahead loses W as it is, with the read lock; a fault (of execution, say) splits it at the same time.',
  prologue: { procedure: 'prologue_logged_huge_page', args: [] },
  presets: presets({ ...small, budget: 1 }, {}, [protector, vcpuProcess]),
  variants: [
    { ...posted2022, violated: [] },
    { ...merged2022, violated: [] },
    { ...latest, violated: [] },
    {
      name: 'stale',
      title: 'children from an earlier look than the one compared',
      replacing: [`${folder}/splitStale.ts`],
      violated: ['I-21'],
    },
    {
      name: 'plain-store',
      title: 'a plain store in place of the compare-exchange',
      replacing: [`${folder}/plainStore.ts`],
      violated: ['I-21', 'I-27'],
    },
  ],
  properties: splitProperties,
};

export const zapAndFastFault: Scenario = {
  ...common,
  name: '3.4 B fast',
  title: 'a table is taken away while a lock-free fault sets W in it',
  about: 'Small pages of a logged slot, without W. A lock-free fault gives W back while the worker of NX huge pages empties their table.',
  files: [...common.files, 'model/tdp/procedures/prologueClean.ts'],
  prologue: { procedure: 'prologue_protected_pages', args: [] },
  presets: presets({ ...small, pages: 6, budget: 1 }, { guestWrites: true }, [recovery, vcpuProcess]),
  variants: [
    { ...latest, violated: [] },
    {
      name: 'plain-store',
      title: 'with the write lock, a plain store to what a lock-free fault may change',
      replacing: [`${folder}/plainWriteLocked.ts`],
      violated: ['I-18'],
    },
  ],
  properties: splitProperties,
  interesting: [{ name: 'somebody may be walking the table that is gone', predicate: 'interesting_removed_under_reader' }],
};

export const splitLockDrop: Scenario = {
  ...common,
  name: '3.4 C',
  title: 'the table that was being split goes while the lock is dropped',
  about: 'A huge page is split while the worker of NX huge pages takes the table back that maps it.',
  presets: presets({ ...small, budget: 0 }, {}, [splitter, recovery]),
  variants: [
    { ...posted2022, violated: [] },
    { ...merged2022, violated: [] },
    { ...latest, violated: [] },
    {
      name: 'continued',
      title: 'goes on where it was before it dropped the locks',
      replacing: [`${folder}/splitContinued.ts`],
      violated: ['I-03', 'fault:useAfterFree'],
    },
  ],
  properties: [...splitProperties, 'I-03'],
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
    { ...posted2022, violated: [] },
    { ...merged2022, violated: [] },
    { ...first2022, violated: ['I-22'] },
    { ...sleeping2022, violated: ['I-23'] },
  ],
  properties: [...splitProperties, 'X-11'],
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
  properties: [...changeProperties, 'I-19', 'I-21', 'I-22', 'I-24', 'I-26', 'I-27'],
};
