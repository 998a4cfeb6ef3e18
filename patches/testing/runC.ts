/**
 * For tests: small C of our own, lowered as a kernel tree is, and run in the interpreter.
 */
import { compileSystem } from '../../compiler/index.ts';
import type { FieldDescription, MachineDescription, Procedure } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import { decodeMachine } from '../../compiler/machine/packing.ts';
import { bindingParts } from '../bindings/index.ts';
import type { BindingPart } from '../bindings/schema.ts';
import { lowerTree, type TreeImportFunction, treeOf } from '../tree/index.ts';

const plain = (path: string, type: FieldDescription['type'], length = 0): FieldDescription => ({ path, length, type, ghost: false });
const small = (max: number): FieldDescription['type'] => ({ kind: 'int', min: 0, max, overflow: 'bound', underflow: 'bound' });

/** A VM that keeps what functions put out, and pages with tables of two entries. */
export const machine: MachineDescription = {
  tables: [
    {
      name: 'vm',
      rows: 1,
      singleton: true,
      dynamic: false,
      fields: [
        plain('mmu_lock', { kind: 'lock', flavour: 'rwlock', writerPreference: false }),
        plain('slots_lock', { kind: 'lock', flavour: 'mutex', writerPreference: false }),
        plain('out', intTypes.s32, 6),
        plain('roots', { kind: 'list', element: { kind: 'ref', table: 'pages', strong: true, specials: 0 }, capacity: 3 }),
      ],
    },
    {
      name: 'pages',
      rows: 3,
      singleton: false,
      dynamic: true,
      fields: [
        plain('role.level', small(3)),
        plain('role.invalid', boolType),
        plain('gfn', small(7)),
        plain('root_count', small(7)),
        plain('hashed', boolType),
        plain('unsync_child_bitmap', small(3)),
        plain('spt', { kind: 'int', min: 0, max: 15, overflow: 'wrap', underflow: 'wrap' }, 2),
        plain('parent_ptes', { kind: 'list', element: { kind: 'pointer', table: 'pages', field: 'spt' }, capacity: 3 }),
      ],
    },
  ],
};
const ours: BindingPart = {
  subsystem: 'test',
  records: ['struct walk', 'struct pair'],
  fields: [
    { of: 'vm', field: 'out', c: ['out[]'], as: 's32' },
    { of: 'vm', field: 'roots', c: ['roots'] },
  ],
  objects: [{ of: 'vm', c: ['stock'], is: { only: 'pageHeaders' } }],
  ignorableFields: [{ of: 'vm', c: ['noise'] }],
};
const constants = new Map([
  ['PT64_ENT_PER_PAGE', { type: intTypes.u32, value: 2 }],
  ['PG_LEVEL_4K', { type: intTypes.u32, value: 1 }],
  ['PT64_ROOT_LEVEL', { type: intTypes.u32, value: 3 }],
]);

/** The functions of `text` as one file of a tree. */
export function lowerC(text: string, more: readonly BindingPart[] = []): Promise<readonly TreeImportFunction[]> {
  const tree = treeOf('linux-6.12', (path) => (path === 'arch/x86/kvm/mmu/mmu.c' ? text : null));
  return lowerTree(tree, { machine, constants, procedures: new Map() }, [...bindingParts, ours, ...more]);
}

/**
 * Runs `void run(struct kvm *kvm)` from a state of zeros. Gives what it leaves in `kvm->out[]`, for each way that free choices may go; or the
 * fault that it ends in.
 */
export async function runC(text: string, more: readonly BindingPart[] = []): Promise<(readonly number[] | string)[]> {
  const procedures = new Map<string, Procedure>();
  for (const { name, reason, procedure, within } of await lowerC(text, more)) {
    if (procedure === null && within.length > 0) continue;
    if (procedure === null) throw new Error(`${name}: ${reason ?? 'is ignorable'}`);
    procedures.set(name, procedure);
  }
  const system = compileSystem(
    {
      name: 'test',
      machine,
      constants,
      procedures,
      prologue: { procedure: 'run', args: [] },
      processes: [],
      properties: [],
      hooks: [],
      quiescent: null,
    },
    { backEnd: 'interpreter' },
  );
  const found: (readonly number[] | string)[] = [];
  for (const state of system.initialStates()) {
    const out = decodeMachine(system.layout, state, 0).tables['vm']?.['out'];
    found.push(Array.isArray(out) ? out.map(Number) : String(out));
  }
  return found;
}
