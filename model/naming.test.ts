import { expect, it } from 'vitest';
import { namingOf } from './naming.ts';
import { retainedRoot } from './scenarios/retainedRoot.ts';

const { bounds } = retainedRoot.presets.small;
const names = { row: (_: string, row: number) => String.fromCharCode(65 + row) };

it('spells SPTEs, requests and what hardware may cache', () => {
  const { values } = namingOf({ ...bounds, pages: 3 });
  const spte = values['pages.spt'].spell;
  expect([0, 2, 4, 6].map((value) => spte(value, names))).toEqual(['---', 'B', 'pfn 0', 'pfn 2']);
  expect(values['vcpus.requests'].masks).toMatchObject({ 1: 'TLB_FLUSH', 4: 'FREE_OBSOLETE_ROOTS' });
  expect([0, 5].map((set) => values['vcpus.mayCache'].spell(set, names))).toEqual(['nothing', '{A C}']);
});

it('names the vCPU of an MMU only where there are several', () => {
  expect(namingOf({ ...bounds, vcpus: 1 }).rows.mmus).toEqual(['root_mmu', 'guest_mmu']);
  expect(namingOf({ ...bounds, vcpus: 2 }).rows.mmus[3]).toBe('vcpu1.guest_mmu');
});

it('draws roots, existing tables and vCPUs', () => {
  const view = {
    names,
    exists: (_: string, row: number) => row === 0,
    number: (_: string, field: string) => (field === 'role.invalid' || field === 'root_count' ? 1 : 0),
    spelled: (_: string, field: string) => (field === 'root.hpa' ? 'A' : field),
  };
  expect(namingOf({ ...bounds, vcpus: 1, pages: 3, prevRoots: 1 }).picture.lines(view)).toEqual([
    { depth: 0, label: 'mmu_valid_gen', value: 'mmu_valid_gen' },
    { depth: 0, label: 'root_mmu: root, prev', value: 'A, prev_roots.hpa' },
    { depth: 0, label: 'guest_mmu: root, prev', value: 'A, prev_roots.hpa' },
    { depth: 0, label: 'A  gfn 0, level 0', value: 'gen 0 count 1 invalid' },
    { depth: 0, label: 'vcpu0: mode', value: 'mode' },
    { depth: 0, label: 'vcpu0: requests', value: 'requests' },
    { depth: 0, label: 'vcpu0: may cache', value: 'mayCache' },
  ]);
});
