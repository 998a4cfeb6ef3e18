/**
 * What procedures do at true scale is what they do at check bounds: the same machine afterwards.
 */
import { describe, expect, it } from 'vitest';
import {
  compileAtScale,
  compileSystem,
  decodeMachine,
  type MachineDescription,
  type MachineState,
  type Procedure,
  procedureNamed,
  type ScaleOptions,
  type Stmt,
  type SystemDescription,
  withIds,
} from '../../compiler/index.ts';
import { scenarioNamed } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';

/** One of each kind of procedures; the machine of the TDP MMU among them. */
const chosen = ['2.22', '3.1 A', '3.2 A', '3.2 D', '3.3 B', '3.3 F', '3.4 A', '3.4 A dbit', '3.4 F', '3.5 A'];
const runs = chosen.flatMap((name) => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario.variants.map((variant) => [name, variant.name, scenario, variant] as const);
});

/** Whether to yield is chosen before every page there, more often than one prologue may choose. */
const yieldsAlways = '3.3 F';

/** What a prologue is followed by: guests, a zap of everything, and the guests again. */
type Script = readonly (readonly [procedure: string, args: readonly number[]])[];
const script: Script = [
  ['kvm_mmu_page_fault', [1, 0]],
  ['kvm_mmu_pte_write', [0, 0]],
  ['kvm_mmu_pte_write', [0, 0]],
  ['kvm_mmu_pte_write', [0, 0]],
  ['prepareEntry', [1]],
  ['kvm_mmu_page_fault', [1, 0]],
  ['kvm_delete_memslot', []],
  ['prepareEntry', [1]],
  ['kvm_mmu_page_fault', [1, 0]],
];

/** Where a guest may write to its own tables, it makes one writable before, so that its page goes unsync. */
const selfMapped = '2.22';
const writeFault = ['kvm_mmu_do_page_fault', [1, 0, 1]] as const;
/** The same for the TDP MMU, by scenario: what enables logging, what faults, what zaps. */
const write = ['kvm_mmu_page_fault', [1, 0]] as const;
const zap: Script = [['kvm_zap_gfn_range', [0, 2]], write, ['kvm_zap_gfn_range', [0, 1]]];
const tdpScripts: Readonly<Record<string, Script>> = {
  '3.4 A': [['kvm_enable_dirty_logging', []], write, ['kvm_mmu_page_fault', [1, 1]], ...zap],
  '3.4 A dbit': [['kvm_enable_dirty_logging', []], ['hardware_writes', [1, 0]], write, ['hardware_writes', [1, 1]], ...zap],
  '3.4 F': [['kvm_mmu_slot_try_split_huge_pages', [0, 2]], ['kvm_mmu_slot_leaf_clear_dirty', []], write, ...zap],
  '3.5 A': [write, ...zap],
};
/** It zaps with the wrong lock, which ends a run. */
const misused = 'counter';

describe('a prologue leaves the same machine at true scale', () => {
  it.each(runs)('%s %s', (_scenario, _variant, scenario, variant) => {
    const description = unwatched(describeSystem({ scenario, variant, preset: 'small' }));
    if (description.prologue === null) throw new Error('a prologue is needed');
    const { procedure, args } = description.prologue;
    expect(interpreted(description)).toContainEqual(atScale(description, procedure, args));
  });
});

/** It leaves invalid roots on the active list, at which the zap of everything, of a later time, warns. A warning ends a run here. */
const warnsAtZap = 'v5.8Whole';

describe('faults, writes and the zap of everything leave the same machine at true scale', () => {
  it.each(runs.filter(([name, variant, { engine }]) => engine !== 'tdp' && name !== yieldsAlways && variant !== warnsAtZap))(
    '%s %s',
    (name, _variant, scenario, variant) => {
      const [preset, steps] = name === selfMapped ? (['large', [writeFault, ...script]] as const) : (['medium', script] as const);
      const description = withScript(unwatched(describeSystem({ scenario, variant, preset })), steps);
      const mine = atScale(description, 'script', []);
      expect(atScale(description, 'script', [], { walkRows: true })).toEqual(mine);
      const theirs = interpreted(description);
      expect(theirs.map((state) => withoutDangling(description.machine, state, state))).toContainEqual(
        withoutDangling(description.machine, mine, theirs[0] ?? mine),
      );
    },
  );
});

describe.each([0, 1])('huge pages, dirty logging and zaps of ranges leave the same machine, with the answer %i to choices', (choice) => {
  it.each(runs.filter(([, variant, { engine }]) => engine === 'tdp' && variant !== misused))(
    '%s %s',
    (name, _variant, scenario, variant) => {
      const steps = tdpScripts[name] ?? [];
      const description = withScript(unwatched(describeSystem({ scenario, variant, preset: 'medium' })), steps);
      expect(interpreted(description)).toContainEqual(atScale(description, 'script', [], { choose: () => choice }));
    },
  );
});

describe('so do huge pages of level 3 below a root of level 4', () => {
  const steps: Script = [['kvm_enable_dirty_logging', []], write, ['kvm_mmu_page_fault', [1, 3]], ['kvm_zap_gfn_range', [0, 2]]];
  it.each(runs.filter(([name, variant]) => name.startsWith('3.4 A') && ['base', 'v6.12'].includes(variant)))(
    '%s %s',
    (_name, _variant, scenario, variant) => {
      const { medium } = scenario.presets;
      const bounds = { ...medium.bounds, levels: 4, gfns: 4, pages: 6 };
      const options = { ...medium.options, tdp: { ...medium.options.tdp, hugeLevel: 3 } };
      const tall = { ...scenario, presets: { ...scenario.presets, medium: { ...medium, bounds, options } } };
      const description = withScript(unwatched(describeSystem({ scenario: tall, variant, preset: 'medium' })), steps);
      expect(interpreted(description)).toContainEqual(atScale(description, 'script', []));
    },
  );
});

function atScale(
  description: SystemDescription,
  procedure: string,
  args: readonly number[],
  options: Partial<ScaleOptions> = {},
): MachineState {
  const scale = compileAtScale(description.machine, description.procedures, { entries: [procedure], choose: () => 0, ...options });
  scale.call(procedure, args);
  return scale.memory.state();
}

/** Without what only watches: what the variant violates is not asked here. */
function unwatched(description: SystemDescription): SystemDescription {
  return { ...description, hooks: [], properties: description.properties.filter(({ kind }) => kind === 'assertion') };
}

/** The machine after each way that the prologue can go. */
function interpreted(description: SystemDescription): MachineState[] {
  const system = compileSystem(description, { backEnd: 'interpreter' });
  return system.initialStates().map((words) => withoutGhosts(description.machine, decodeMachine(system.layout, words, 0)));
}

function withoutGhosts(machine: MachineDescription, { tables, allocated }: MachineState): MachineState {
  const kept = machine.tables.flatMap(({ name, fields }) => {
    const entries = fields.filter(({ ghost }) => !ghost).map(({ path }) => [path, tables[name]?.[path] ?? []] as const);
    return entries.length === 0 ? [] : [[name, Object.fromEntries(entries)] as const];
  });
  return { tables: Object.fromEntries(kept), allocated };
}

/** References that dangle in `model`, which true scale leaves as they were, become 0 in `state`. */
function withoutDangling({ tables }: MachineDescription, state: MachineState, model: MachineState): MachineState {
  const rows = new Map(tables.filter(({ dynamic }) => dynamic).map((table) => [table.name, table.rows]));
  const kept = tables.map(({ name, fields }) => {
    const cells = fields.flatMap(({ path, type, ghost }) => {
      if (ghost) return [];
      const limit =
        type.kind === 'ref' && type.strong ? (rows.get(type.table) ?? Number.POSITIVE_INFINITY) + type.specials : Number.POSITIVE_INFINITY;
      const gone = (model.tables[name]?.[path] ?? []).map((cell) => typeof cell === 'number' && cell > limit);
      return [[path, (state.tables[name]?.[path] ?? []).map((cell, k) => (gone[k] === true ? 0 : cell))] as const];
    });
    return [name, Object.fromEntries(cells)] as const;
  });
  return { tables: Object.fromEntries(kept), allocated: state.allocated };
}

/** The prologue becomes the prologue with the script behind it. */
function withScript(description: SystemDescription, steps: Script): SystemDescription {
  const prologue = description.prologue;
  if (prologue === null) throw new Error('a prologue is needed');
  const calls = [[prologue.procedure, prologue.args] as const, ...steps];
  const { pos } = procedureNamed(description.procedures, prologue.procedure);
  const results: { name: string; type: Procedure['params'][number]['type'] }[] = [];
  const body = calls.map(([callee, args], k): Stmt => {
    const { params, result } = procedureNamed(description.procedures, callee);
    const dst = result.kind === 'void' ? null : `result${k}`;
    if (result.kind !== 'void') results.push({ name: `result${k}`, type: result });
    const given = params.map(({ type }, i) => ({ mode: 'in', value: { op: 'const', type, value: args[i] ?? 0 } }) as const);
    return { kind: 'call', id: '', pos, callee, args: given, dst };
  });
  const procedure = withIds({ name: 'script', params: [], result: { kind: 'void' }, locals: results, body, pos, doc: '' });
  return {
    ...description,
    procedures: new Map([...description.procedures, ['script', procedure]]),
    prologue: { procedure: 'script', args: [] },
  };
}
