/**
 * How KVM's objects are spelled in traces, and the tables that a reviewer wants to see.
 *
 * In: bounds. Out: a `Naming` for the renderers. Never: a value that the state does not hold.
 *
 * Ids are small and stable: shadow pages are A, B, C by row; a page that comes again in a freed row gets a prime.
 * Names hold no blanks: `vcpu.requests`, `root_mmu.prev_roots[0].hpa`, with more vCPUs `vcpu1.root_mmu.root.hpa`.
 */
import type { Naming, PictureLine, StateView } from '../counterexamples/index.ts';
import { type Bounds, constantsOf, listNumbers, requestNumbers } from '../model/index.ts';

const modes = ['OUTSIDE_GUEST_MODE', 'IN_GUEST_MODE', 'EXITING_GUEST_MODE', 'READING_SHADOW_PAGE_TABLES'];

export function naming(bounds: Bounds): Naming {
  const pages = Array.from({ length: bounds.pages }, (_, row) => pageName(row));
  // One vCPU needs no number, and its MMUs no vCPU.
  const only = bounds.vcpus === 1;
  const vcpus = Array.from({ length: bounds.vcpus }, (_, vcpu) => (only ? 'vcpu' : `vcpu${vcpu}`));
  const mmus = vcpus.flatMap((vcpu) => ['root_mmu', 'guest_mmu'].map((mmu) => (only ? mmu : `${vcpu}.${mmu}`)));
  const lists = Object.entries(listNumbers)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => listNames[name] ?? name.toLowerCase());
  return {
    rows: { pages, vcpus, mmus, lists },
    specials: { pages: ['pae_root'] },
    values: {
      'vcpus.mode': { kind: 'enum', names: { ...modes } },
      'vcpus.requests': { kind: 'flags', masks: requestMasks(), none: 'none' },
      'vcpus.mayCache': { kind: 'flags', masks: Object.fromEntries(pages.map((name, row) => [2 ** row, name])), none: 'nothing' },
      'pages.unsync_child_bitmap': {
        kind: 'flags',
        masks: Object.fromEntries(pages.slice(0, bounds.fanout).map((_, i) => [2 ** i, `[${i}]`])),
        none: 'none',
      },
      'pages.spt': { kind: 'custom', spell: (value, names) => spte(value, bounds, names.row) },
    },
    choices: { CR3: Array.from({ length: bounds.pgds - 1 }, (_, k) => (bounds.pgds === 2 ? 'the other PGD' : `other PGD ${k}`)) },
    places: { 'lists.entries': (row) => row },
    // What guests have left, and read sections, which every entry and exit ends and begins: shown where a property asks.
    hidden: ['vcpus.guest.budget', 'vcpus.srcu'],
    telling: ['mmus.root.hpa', 'mmus.prev_roots.hpa', 'pages.role.invalid', 'vm.mmu_valid_gen', 'vcpus.requests'],
    spinlocks: bounds.mmuLock === 'spinlock' ? ['vm.mmu_lock'] : [],
    picture: { title: 'Roots and shadow pages', lines: (view) => pictureOf(view, bounds) },
  };
}

const listNames: Readonly<Record<string, string>> = {
  LIST_ACTIVE_MMU_PAGES: 'active_mmu_pages',
  LIST_ZAPPED_OBSOLETE_PAGES: 'zapped_obsolete_pages',
  LIST_INVALID: 'invalid_list',
};

/** A, B, C … by row. */
export function pageName(row: number): string {
  return row < 26 ? String.fromCharCode(65 + row) : `P${row}`;
}

/** `requests` has a bit per request number. */
export function requestMasks(): Record<number, string> {
  return Object.fromEntries(Object.entries(requestNumbers).map(([name, number]) => [2 ** number, name.replace(/^KVM_REQ_/, '')]));
}

/** Empty, a table, or a translation. */
function spte(value: number, bounds: Bounds, rowName: (table: string, row: number) => string): string {
  const constants = constantsOf(bounds, { tdp_enabled: false });
  const last = constants.get('SPTE_LAST_MASK')?.value ?? 0;
  const address = constants.get('SPTE_BASE_ADDR_MASK')?.value ?? 0;
  if (value === 0) return '---';
  if ((value & last) === 0) return rowName('pages', (value & address) - 1);
  const writable = (value & (constants.get('PT_WRITABLE_MASK')?.value ?? 0)) === 0 ? '' : ' W';
  return `pfn ${value & address}${writable}`;
}

function pictureOf(view: StateView, bounds: Bounds): PictureLine[] {
  const lines: PictureLine[] = [{ depth: 0, label: 'mmu_valid_gen', value: view.spelled('vm', 'mmu_valid_gen') }];
  for (let vcpu = 0; vcpu < bounds.vcpus; vcpu++) {
    lines.push({ depth: 0, label: view.names.row('vcpus', vcpu), value: view.spelled('vcpus', 'mode', vcpu) });
    lines.push({ depth: 1, label: 'requests', value: view.spelled('vcpus', 'requests', vcpu) });
    for (const [offset, name] of ['root_mmu', 'guest_mmu'].entries()) lines.push(...mmuLines(view, bounds, vcpu * 2 + offset, name));
  }
  for (let row = 0; row < bounds.pages; row++) {
    if (view.exists('pages', row)) lines.push(...pageLines(view, bounds, row));
  }
  return lines;
}

/** An MMU without any root is left out: it says nothing. */
function mmuLines(view: StateView, bounds: Bounds, mmu: number, name: string): PictureLine[] {
  const previous = Array.from({ length: bounds.prevRoots }, (_, i) => ({
    depth: 2,
    label: `prev_roots[${i}]`,
    value: view.spelled('mmus', 'prev_roots.hpa', mmu, i),
  }));
  const used = view.number('mmus', 'root.hpa', mmu) !== 0 || previous.some(({ value }) => value !== 'none');
  if (!used) return [];
  return [{ depth: 1, label: name, value: '' }, { depth: 2, label: 'root', value: view.spelled('mmus', 'root.hpa', mmu) }, ...previous];
}

function pageLines(view: StateView, bounds: Bounds, row: number): PictureLine[] {
  const flags = [
    `level ${view.number('pages', 'role.level', row)}`,
    `gen ${view.number('pages', 'mmu_valid_gen', row)}`,
    `root_count ${view.number('pages', 'root_count', row)}`,
    ...(view.number('pages', 'role.invalid', row) === 0 ? [] : ['INVALID']),
    ...(view.number('pages', 'unsync', row) === 0 ? [] : ['unsync']),
  ];
  const entries = Array.from({ length: bounds.fanout }, (_, i) => ({
    depth: 1,
    label: `[${i}]`,
    value: view.spelled('pages', 'spt', row, i),
  }));
  return [{ depth: 0, label: `page ${view.names.row('pages', row)}`, value: flags.join(', ') }, ...entries];
}
