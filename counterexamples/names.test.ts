import { describe, expect, it } from 'vitest';
import { type FieldType, intTypes, type MachineDescription, type RefType } from '../compiler/index.ts';
import { canonicalPlace, createNames } from './names.ts';
import type { Naming } from './naming.ts';

const lock: FieldType = { kind: 'lock', flavour: 'rwlock', writerPreference: true };
const root: RefType = { kind: 'ref', table: 'pages', strong: true, specials: 2 };
const sptePointer: FieldType = { kind: 'pointer', table: 'pages', field: 'spt' };
const field = (path: string, type: FieldType, length = 0) => ({ path, length, type, ghost: false });
const machine: MachineDescription = {
  tables: [
    { name: 'vm', rows: 1, singleton: true, dynamic: false, fields: [field('mmu_lock', lock), field('gen', intTypes.u32)] },
    {
      name: 'pages',
      rows: 3,
      singleton: false,
      dynamic: true,
      fields: [field('spt', intTypes.u32, 2), field('role.level', intTypes.u32), field('flags', intTypes.u32)],
    },
    { name: 'mmus', rows: 2, singleton: false, dynamic: false, fields: [field('prev.hpa', root, 2), field('prev.pgd', intTypes.u32, 2)] },
  ],
};
const naming: Naming = {
  rows: { pages: ['R', 'P'] },
  nulls: { pages: 'INVALID_PAGE' },
  specials: { pages: ['pae_root'] },
  places: { 'pages.spt': (row, index) => `spte ${row}[${index}]` },
  values: {
    'pages.role.level': { kind: 'enum', names: { 1: 'PTE', 2: 'PMD' } },
    'pages.flags': { kind: 'flags', masks: { 1: 'r', 2: 'w' }, none: '---' },
    'pages.spt': { kind: 'custom', spell: (value, names) => (value === 0 ? '---' : `-> ${names.row('pages', value - 1)}`) },
  },
};

describe('names', () => {
  const plain = createNames(machine, {});
  const named = createNames(machine, naming);
  const at = (table: string, path: string, row: number | null, index: number | null) => ({ table, field: path, row, index });

  it('have a plain form for everything', () => {
    expect([
      plain.place(at('vm', 'gen', null, null)),
      plain.place(at('pages', 'spt', 1, 0)),
      plain.place(at('mmus', 'prev.hpa', 1, 0)),
      ...[0, 2, 4, 5, 6].map((value) => plain.value(root, value, '').display),
      ...[0, 4, 7].map((value) => plain.value(sptePointer, value, '').display),
    ]).toEqual([
      'gen',
      'pages#1.spt[0]',
      'mmus#1.prev[0].hpa',
      'none',
      'pages#1',
      'special#0',
      'special#1',
      'dangling',
      'none',
      'pages#1.spt[1]',
      'dangling',
    ]);
  });

  it('follow what a model says', () => {
    expect([
      named.place(at('pages', 'spt', 1, 0)),
      ...[0, 1, 2, 3, 4, 5].map((value) => named.value(root, value, '').display),
      ...[1, 3].map((value) => named.value(intTypes.u32, value, 'pages.role.level').display),
      ...[0, 3, 6].map((value) => named.value(intTypes.u32, value, 'pages.flags').display),
      ...[0, 2].map((value) => named.value(intTypes.u32, value, 'pages.spt').display),
    ]).toEqual(['spte P[0]', 'INVALID_PAGE', 'R', 'P', 'pages#2', 'pae_root', 'special#1', 'PTE', '3', '---', 'r|w', 'w|4', '---', '-> P']);
  });

  it('tell the object that a row holds now from the one before', () => {
    const names = createNames(machine, naming);
    names.existed('pages', 0);
    names.allocated('pages', 1);
    const before = names.snapshot();
    expect([names.row('pages', 0), names.row('pages', 1)]).toEqual(['R', 'P']);
    names.allocated('pages', 1);
    expect(names.value(root, 2, '').display).toBe("P'");
    names.allocated('pages', 1);
    expect(names.row('pages', 1)).toBe("P'3");
    expect(before.row('pages', 1)).toBe('P');
  });

  it('spell locks by who has them, and lists by what is on them', () => {
    const spelled = (writer: number, readers: number, waiting: number) => plain.value(lock, { writer, readers, waiting }, '').display;
    expect([spelled(0, 0, 0), spelled(2, 0, 0), spelled(0, 5, 2)]).toEqual([
      'free',
      'write: CPU 1',
      'read: CPU 0, CPU 2, waits to write: CPU 1',
    ]);
    const list: FieldType = { kind: 'list', element: root, capacity: 3 };
    expect([plain.value(list, [], '').display, named.value(list, [2, 1], '')]).toEqual(['empty', { raw: [2, 1], display: '[P, R]' }]);
  });

  it('have a canonical form that no naming changes', () => {
    expect([
      canonicalPlace(at('pages', 'role.level', 1, null)),
      canonicalPlace(at('mmus', 'prev.hpa', 0, 1)),
      canonicalPlace(at('vm', 'gen', null, null)),
    ]).toEqual(['pages[1].role.level', 'mmus[0].prev.hpa[1]', 'vm.gen']);
  });
});
