/**
 * How a trace spells the machine: names of rows, SPTEs, requests, and the picture of the tables.
 *
 * In: bounds. Out: data and functions of the shape that `counterexamples` asks for (`Naming`). Never: what is checked.
 */

import { spteAddressBits } from './machine/bounds.ts';
import type { Bounds } from './machine/index.ts';
import { requestNumbers } from './machine/index.ts';

/** What is asked of a state that is drawn. Rows and indices count from 0; references are row + 1. */
interface View {
  number(table: string, field: string, row?: number, index?: number): number;
  spelled(table: string, field: string, row?: number, index?: number): string;
  exists(table: string, row: number): boolean;
  readonly names: RowNames;
}
interface RowNames {
  row(table: string, row: number): string;
}
interface Line {
  readonly depth: number;
  readonly label: string;
  readonly value: string;
}

const lists = ['active_mmu_pages', 'zapped_obsolete_pages', 'invalid_list'];
const modes = { 0: 'OUTSIDE_GUEST', 1: 'IN_GUEST', 2: 'EXITING_GUEST', 3: 'READING_TABLES' };

export function namingOf(bounds: Bounds) {
  const vcpus = Array.from({ length: bounds.vcpus }, (_, v) => `vcpu${v}`);
  const one = bounds.vcpus === 1;
  const mmus = vcpus.flatMap((vcpu) => ['root_mmu', 'guest_mmu'].map((mmu) => (one ? mmu : `${vcpu}.${mmu}`)));
  const leaf = 2 ** spteAddressBits(bounds);
  const spte = (value: number, names: RowNames) => {
    if (value === 0) return '---';
    return value >= leaf ? `pfn ${value % leaf}` : names.row('pages', value - 1);
  };
  const pagesOf = (set: number, names: RowNames) => {
    const members = Array.from({ length: bounds.pages }, (_, p) => p).filter((p) => (set >>> p) & 1);
    return members.length === 0 ? 'nothing' : `{${members.map((p) => names.row('pages', p)).join(' ')}}`;
  };
  return {
    rows: { pages: Array.from({ length: bounds.pages }, (_, p) => String.fromCharCode(65 + (p % 26))), vcpus, mmus, lists },
    specials: { pages: ['pae_root'] },
    places: { 'lists.entries': (row: string) => row, 'pages.spt': (row: string, index: number | null) => `spte ${row}[${index}]` },
    spinlocks: bounds.mmuLock === 'spinlock' ? ['vm.mmu_lock'] : [],
    values: {
      'pages.spt': { kind: 'custom' as const, spell: spte },
      'vcpus.mode': { kind: 'enum' as const, names: modes },
      'vcpus.requests': {
        kind: 'flags' as const,
        masks: Object.fromEntries(Object.entries(requestNumbers).map(([name, bit]) => [1 << bit, name.replace(/^KVM_REQ_(MMU_)?/, '')])),
        none: 'none',
      },
      'vcpus.mayCache': { kind: 'custom' as const, spell: pagesOf },
    },
    picture: { title: 'Roots and tables', lines: (view: View) => picture(view, bounds, vcpus, mmus) },
  };
}

function picture(view: View, bounds: Bounds, vcpus: readonly string[], mmus: readonly string[]): Line[] {
  const lines: Line[] = [];
  const add = (depth: number, label: string, value: string) => lines.push({ depth, label, value });
  add(0, 'mmu_valid_gen', view.spelled('vm', 'mmu_valid_gen'));
  for (const [m, mmu] of mmus.entries()) {
    const roots = ['root.hpa', 'prev_roots.hpa'].flatMap((field) =>
      Array.from({ length: field === 'root.hpa' ? 1 : bounds.prevRoots }, (_, i) => view.spelled('mmus', field, m, i)),
    );
    // An MMU that holds nothing and is not in use says nothing.
    if (roots.every((root) => root === 'none')) continue;
    add(0, `${mmu}: root, prev`, roots.join(', '));
  }
  for (let p = 0; p < bounds.pages; p++) {
    if (!view.exists('pages', p)) continue;
    const name = view.names.row('pages', p);
    const flags = ['guest_mode', 'invalid'].filter((flag) => view.number('pages', `role.${flag}`, p) !== 0);
    const number = (field: string) => view.number('pages', field, p);
    add(
      0,
      `${name}  gfn ${number('gfn')}, level ${number('role.level')}`,
      [`gen ${number('mmu_valid_gen')}`, `count ${number('root_count')}`, ...flags].join(' '),
    );
    for (let i = 0; i < bounds.fanout; i++)
      if (view.number('pages', 'spt', p, i) !== 0) add(1, `spte ${name}[${i}]`, view.spelled('pages', 'spt', p, i));
  }
  for (const [v, vcpu] of vcpus.entries()) {
    add(0, `${vcpu}: mode`, view.spelled('vcpus', 'mode', v));
    add(0, `${vcpu}: requests`, view.spelled('vcpus', 'requests', v));
    add(0, `${vcpu}: may cache`, view.spelled('vcpus', 'mayCache', v));
  }
  return lines;
}
