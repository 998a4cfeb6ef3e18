/**
 * What scenarios of 2022 share: one huge page that is split, and who does it.
 */
import type { Bounds, ModelOptions } from '../../machine/index.ts';
import type { Preset, Scenario, ScenarioProcess, ScenarioVariant } from '../../scenario.ts';
import { changeProperties, dirtyLogFiles, rcuProcess, smallBounds, vcpuProcess } from './common.ts';

/** Root 3, one huge leaf in a table of level 2, and what it is split into. */
export const small: Bounds = { ...smallBounds, levels: 3, fanout: 2, gfns: 2, pages: 4, budget: 2 };
export const migration: ScenarioProcess = { name: 'migration', title: 'dirty log', procedure: 'migrate', args: [], kind: 'essential' };
export const splitter: ScenarioProcess = {
  name: 'splitter',
  title: 'dirty log',
  procedure: 'kvm_mmu_slot_try_split_huge_pages',
  args: [0, 2],
  kind: 'essential',
};
export const recovery: ScenarioProcess = {
  name: 'recovery',
  title: 'NX recovery',
  procedure: 'kvm_recover_nx_huge_pages',
  args: [],
  kind: 'essential',
};

export function presets(bounds: Bounds, options: ModelOptions['tdp'], processes: readonly ScenarioProcess[]): Scenario['presets'] {
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
/** The dirty log from its enabling to the last harvest, while one vCPU writes; at medium bounds two do, which may fault at once. */
export function migrationPresets(bounds: Bounds, options: ModelOptions['tdp']): Scenario['presets'] {
  const second: ScenarioProcess = { ...vcpuProcess, name: 'vcpu1', title: 'vCPU 1', args: [2] };
  const { small, large } = presets(bounds, options, [migration, vcpuProcess]);
  const { medium } = presets({ ...bounds, vcpus: 2, budget: 0 }, options, [migration, vcpuProcess, second]);
  return { small, medium, large };
}
export const latest: Omit<ScenarioVariant, 'violated'> = {
  name: 'v6.12',
  title: '6.10 to 6.12: locks are dropped to allocate',
  forms: ['fixed'],
  replacing: [],
};
export const common: Pick<Scenario, 'engine' | 'era' | 'files' | 'prologue' | 'interesting'> = {
  engine: 'tdp',
  era: '2022',
  files: [...dirtyLogFiles, 'model/tdp/procedures/nxRecovery.ts'],
  prologue: { procedure: 'prologue_huge_page', args: [] },
  interesting: [{ name: 'the huge page is split', predicate: 'interesting_split' }],
};
export const splitProperties: readonly string[] = [...changeProperties, 'I-05', 'I-21', 'I-22', 'I-23', 'I-24', 'I-26', 'I-27', 'I-51'];
export const folder = 'model/tdp/variants';

const alloc = [`${folder}/allocNowait.ts`];
const nowait = [...alloc, `${folder}/splitNowait.ts`];
const yielding = [...nowait, `${folder}/allocYielding.ts`];
const faultZaps = `${folder}/faultZapsHuge.ts`;
/** Code of other times, and the mail's. */
export const base2022: Omit<ScenarioVariant, 'violated'> = {
  name: 'base',
  title: 'until 5.17: nothing is split ahead, a fault unmaps the rest of the huge page',
  forms: ['base'],
  replacing: [faultZaps, `${folder}/unsplitEnable.ts`],
};
export const first2022: Omit<ScenarioVariant, 'violated'> = {
  name: 'v1',
  title: 'first posting: -ENOMEM inside the RCU section',
  replacing: [faultZaps, ...alloc, `${folder}/splitFailsInRcu.ts`],
};
export const posted2022: Omit<ScenarioVariant, 'violated'> = {
  name: 'v2',
  title: 'mail of January 2022: splits invalid roots, too',
  forms: ['posted'],
  replacing: [faultZaps, ...yielding, `${folder}/splitAllRoots.ts`],
};
export const merged2022: Omit<ScenarioVariant, 'violated'> = {
  name: 'v5.18',
  title: '5.18 to 6.1: first an allocation that does not sleep',
  forms: ['merged'],
  replacing: [faultZaps, ...yielding],
};
/** A mutant of that. */
export const sleeping2022: Omit<ScenarioVariant, 'violated'> = {
  name: 'sleeps',
  title: 'an allocation that may sleep, with the locks held',
  replacing: [faultZaps, ...nowait, `${folder}/splitSleeps.ts`],
};
