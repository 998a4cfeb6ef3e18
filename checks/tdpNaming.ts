/**
 * How objects of the TDP MMU are spelled in traces, and what of them a reviewer wants to see.
 *
 * In: bounds. Out: a `Naming` for the renderers. Never: a value that the state does not hold.
 */
import type { Naming, PictureLine, StateView } from '../counterexamples/index.ts';
import { type Bounds, tdpConstantsOf } from '../model/index.ts';
import { pageName, requestMasks } from './naming.ts';

/** Fields with a bit per gfn. */
const setsOfGfns = [
  'vcpus.tlb',
  'vcpus.tlbWritable',
  'vcpus.tlbDirty',
  'vcpus.pml',
  'vm.host_unmapped',
  'vm.dirty_bitmap',
  'vm.dirtyInHand',
  'vm.harvesting',
  'vm.writtenUnreported',
];

export function tdpNaming(bounds: Bounds): Naming {
  const pages = Array.from({ length: bounds.pages }, (_, row) => pageName(row));
  const gfns = Object.fromEntries(Array.from({ length: bounds.gfns }, (_, gfn) => [2 ** gfn, `gfn ${gfn}`]));
  const tables = Object.fromEntries(pages.map((name, row) => [2 ** row, name]));
  const gfnSet = { kind: 'flags', masks: gfns, none: 'none' } as const;
  return {
    rows: {
      pages,
      vcpus: Array.from({ length: bounds.vcpus }, (_, vcpu) => (bounds.vcpus === 1 ? 'vcpu' : `vcpu${vcpu}`)),
      tasks: Array.from({ length: 8 }, (_, task) => `task${task}`),
    },
    specials: {},
    values: {
      'vcpus.requests': { kind: 'flags', masks: requestMasks(), none: 'none' },
      'vcpus.mayCache': { kind: 'flags', masks: tables, none: 'nothing' },
      ...Object.fromEntries(setsOfGfns.map((field) => [field, gfnSet])),
      'pages.spt': { kind: 'custom', spell: (value, names) => spte(value, bounds, names.row) },
    },
    choices: {},
    places: {},
    hidden: [],
    telling: [
      'pages.spt',
      'pages.role.invalid',
      'vcpus.root',
      'vcpus.requests',
      'vm.host_freed',
      'vm.mmu_invalidate_seq',
      'vm.mmu_invalidate_in_progress',
      'vm.dirty_bitmap',
    ],
    spinlocks: [],
    picture: { title: 'Tables of the TDP MMU', lines: (view) => pictureOf(view, bounds) },
  };
}

/** Empty, frozen, a table, or a translation with its permissions. */
function spte(value: number, bounds: Bounds, rowName: (table: string, row: number) => string): string {
  const constants = tdpConstantsOf(bounds, { tdp_enabled: true });
  const mask = (name: string) => constants.get(name)?.value ?? 0;
  if (value === mask('SHADOW_NONPRESENT_VALUE')) return '---';
  if (value === mask('FROZEN_SPTE')) return 'FROZEN';
  const address = value >> mask('SPTE_ADDR_SHIFT');
  if ((value & mask('SPTE_LAST_MASK')) === 0) return rowName('pages', address);
  const has = (name: string) => (value & mask(name)) !== 0;
  const bits = [
    has('PT_WRITABLE_MASK') ? ' W' : '',
    has('PT_DIRTY_MASK') ? ' D' : '',
    has('shadow_mmu_writable_mask') ? '' : ' not MMU-writable',
    has('shadow_host_writable_mask') ? '' : ' not host-writable',
  ];
  return `pfn ${address}${bits.join('')}`;
}

function pictureOf(view: StateView, bounds: Bounds): PictureLine[] {
  const lines: PictureLine[] = ['mmu_invalidate_seq', 'mmu_invalidate_in_progress', 'host_freed'].map((field) => ({
    depth: 0,
    label: field,
    value: view.spelled('vm', field),
  }));
  for (let vcpu = 0; vcpu < bounds.vcpus; vcpu++) {
    lines.push({ depth: 0, label: view.names.row('vcpus', vcpu), value: '' });
    for (const field of ['root', 'tlb']) lines.push({ depth: 1, label: field, value: view.spelled('vcpus', field, vcpu) });
  }
  for (let row = 0; row < bounds.pages; row++) {
    if (!view.exists('pages', row)) continue;
    const references = view.number('pages', 'tdp_mmu_root_count', row);
    const held = references === 0 ? '' : `, ${references} references`;
    const invalid = view.number('pages', 'role.invalid', row) === 0 ? '' : ', INVALID';
    lines.push({
      depth: 0,
      label: `page ${view.names.row('pages', row)}`,
      value: `level ${view.number('pages', 'role.level', row)}, gfn ${view.number('pages', 'gfn', row)}${invalid}${held}`,
    });
    for (let i = 0; i < bounds.fanout; i++) lines.push({ depth: 1, label: `[${i}]`, value: view.spelled('pages', 'spt', row, i) });
  }
  return lines;
}
