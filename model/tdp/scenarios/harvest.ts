/**
 * 3.4 A with the other ways to log: D bits that the CPU logs, and user space that clears the log itself.
 */
import type { Scenario } from '../../scenario.ts';
import { vcpuProcess } from './common.ts';
import { common, latest, migration, presets, small, splitProperties } from './common2022.ts';

export const logByDirtyBits: Scenario = {
  ...common,
  name: '3.4 A dbit',
  title: 'every write is in a later harvest, by D bits',
  about: 'As 3.4 A, where the CPU sets D and logs the page, and W stays on small pages. A write that finds D cached reaches no SPTE.',
  presets: presets(small, { guestWrites: true, adBits: true }, [migration, vcpuProcess]),
  variants: [{ ...latest, violated: [] }],
  properties: [...splitProperties, 'I-16', 'I-17'],
};

export const logManually: Scenario = {
  ...common,
  name: '3.4 A clear',
  title: 'every write is in a later harvest, manual protection',
  about: 'As 3.4 A, where reading the log clears nothing: user space names what it has read, and KVM_CLEAR_DIRTY_LOG protects that.',
  presets: presets(small, { guestWrites: true, manualProtect: true }, [migration, vcpuProcess]),
  variants: [{ ...latest, violated: [] }],
  properties: [...splitProperties, 'I-16', 'I-17'],
};

export const logInitiallySet: Scenario = {
  ...common,
  name: '3.4 A init',
  title: 'every write is in a later harvest, initially all set',
  about: 'As 3.4 A clear, where enabling protects nothing: KVM_CLEAR_DIRTY_LOG splits with the write lock, and protects what stays huge.',
  presets: presets(small, { guestWrites: true, manualProtect: true, initiallySet: true, allocationFails: true }, [migration, vcpuProcess]),
  variants: [{ ...latest, violated: [] }],
  properties: [...splitProperties, 'I-16', 'I-17'],
};
