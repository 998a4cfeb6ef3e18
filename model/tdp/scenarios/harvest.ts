/**
 * 3.4 A with the other ways to log: D bits that the CPU logs, and user space that clears the log itself.
 */
import type { Scenario } from '../../scenario.ts';
import { vcpuProcess } from './common.ts';
import {
  base2022,
  common,
  folder,
  latest,
  merged2022,
  migration,
  migrationPresets,
  presets,
  small,
  splitProperties,
} from './common2022.ts';

export const logByDirtyBits: Scenario = {
  ...common,
  name: '3.4 A dbit',
  title: 'every write is in a later harvest, by D bits',
  about:
    'As 3.4 A, where the CPU sets D and logs the page, and W stays on small pages. A write that finds D cached reaches no SPTE. The huge page is clean at first.',
  files: [...common.files, 'model/tdp/procedures/prologueClean.ts'],
  prologue: { procedure: 'prologue_clean_huge_page', args: [] },
  presets: presets(small, { guestWrites: true, adBits: true, allocationFails: true }, [migration, vcpuProcess]),
  variants: [
    { ...base2022, violated: [] },
    { ...merged2022, violated: [] },
    { ...latest, violated: [] },
    { name: 'huge-writable', title: 'huge pages keep W', replacing: [`${folder}/hugeStaysWritable.ts`], violated: ['I-16', 'I-17'] },
    {
      name: 'plain-store',
      title: 'a plain store in place of the compare-exchange',
      replacing: [`${folder}/plainStore.ts`],
      violated: ['I-18'],
    },
  ],
  properties: [...splitProperties, 'I-16', 'I-17'],
};

export const logManually: Scenario = {
  ...common,
  name: '3.4 A clear',
  title: 'every write is in a later harvest, manual protection',
  about: 'As 3.4 A, where reading the log clears nothing: user space names what it has read, and KVM_CLEAR_DIRTY_LOG protects that.',
  presets: migrationPresets(small, { guestWrites: true, manualProtect: true, allocationFails: true }),
  variants: [
    { ...base2022, violated: [] },
    { ...merged2022, violated: [] },
    { ...latest, violated: [] },
    {
      name: 'unflushed',
      title: 'clearing returns without its flush',
      replacing: [`${folder}/unflushedClear.ts`],
      violated: ['I-16', 'I-17'],
    },
  ],
  properties: [...splitProperties, 'I-16', 'I-17'],
};

export const logInitiallySet: Scenario = {
  ...common,
  name: '3.4 A init',
  title: 'every write is in a later harvest, initially all set',
  about: 'As 3.4 A clear, where enabling protects nothing: KVM_CLEAR_DIRTY_LOG splits with the write lock, and protects what stays huge.',
  presets: migrationPresets(small, { guestWrites: true, manualProtect: true, initiallySet: true, allocationFails: true }),
  variants: [
    { ...merged2022, violated: [] },
    { ...latest, violated: [] },
    { name: 'huge-writable', title: 'what stays huge keeps W', replacing: [`${folder}/hugeUnprotected.ts`], violated: ['I-16', 'I-17'] },
  ],
  properties: [...splitProperties, 'I-16', 'I-17'],
};

export const logInitiallySetByDirtyBits: Scenario = {
  ...common,
  name: '3.4 A init dbit',
  title: 'every write is in a later harvest, initially all set, by D bits',
  about: 'As 3.4 A init, where small pages keep W and lose D, which the CPU sets and logs. What stays huge loses W.',
  files: [...common.files, 'model/tdp/procedures/prologueClean.ts'],
  prologue: { procedure: 'prologue_clean_huge_page', args: [] },
  presets: presets(small, { guestWrites: true, adBits: true, manualProtect: true, initiallySet: true, allocationFails: true }, [
    migration,
    vcpuProcess,
  ]),
  variants: [
    { ...merged2022, violated: [] },
    { ...latest, violated: [] },
    {
      name: 'plain-store',
      title: 'with the write lock, a plain store to what the CPU may change',
      replacing: [`${folder}/plainWriteLocked.ts`],
      violated: ['I-18'],
    },
  ],
  properties: [...splitProperties, 'I-16', 'I-17'],
};
