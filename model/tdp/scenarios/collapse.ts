/**
 * 3.4 G: logging is disabled, and what was split becomes huge again.
 */
import type { Scenario, ScenarioProcess } from '../../scenario.ts';
import { vcpuProcess } from './common.ts';
import { common, folder, latest, presets, small, splitProperties } from './common2022.ts';

const disable: ScenarioProcess = {
  name: 'disable',
  title: 'dirty log off',
  procedure: 'kvm_disable_dirty_logging',
  args: [],
  kind: 'essential',
};

export const collapse: Scenario = {
  ...common,
  name: '3.4 G',
  title: 'logging is disabled while a vCPU faults',
  about: 'Small pages of a logged slot, without W. Their table goes with the read lock; a fault walks it, or maps the huge page meanwhile.',
  files: [...common.files, 'model/tdp/procedures/prologueClean.ts', 'model/tdp/procedures/collapse.ts'],
  prologue: { procedure: 'prologue_protected_pages', args: [] },
  presets: presets({ ...small, gfns: 4, pages: 5, budget: 1 }, { guestWrites: true }, [disable, vcpuProcess]),
  variants: [
    { name: 'v6.12', title: latest.title, replacing: [], violated: [] },
    {
      name: 'v6.1',
      title: 'until 6.7: the table is taken away before the flush',
      replacing: [`${folder}/zapTellsFirst.ts`],
      violated: [],
    },
    { name: 'unflushed', title: 'nobody flushes', replacing: [`${folder}/zapUnflushed.ts`], violated: ['I-03', 'I-05'] },
  ],
  properties: [...splitProperties, 'I-03', 'I-20'],
  interesting: [{ name: 'somebody may be walking the table that is gone', predicate: 'interesting_removed_under_reader' }],
};
