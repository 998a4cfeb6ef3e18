/**
 * 2013: what one hold of mmu_lock does when a memslot is deleted.
 *
 * Six vCPUs share one direct root, below which every page of the guest is mapped; then `kvm_delete_memslot()` runs while
 * somebody waits for the lock whenever the kernel looks.
 */
import { compileAtScale } from '../../compiler/index.ts';
import { modelAtScale } from './describe.ts';
import { entriesPerTable, pagesPerGibibyte, quotaOf, trueBounds } from './numbers.ts';
import type { Count, ScaleScript } from './run.ts';

const variants = ['v3.10', 'v3.11'] as const;
type Variant = (typeof variants)[number];
const vcpus = 6;
const batch = 10;

export const zap2013: ScaleScript = {
  name: '2013',
  title: 'pages zapped in one hold of mmu_lock',
  run: function* (size) {
    const largest = (size === 'full' ? 2 : 1 / 32) * pagesPerGibibyte;
    const sizes = [largest / 8, largest / 4, largest / 2, largest];
    const runs: { variant: Variant; at: (Zapped & { gfns: number })[] }[] = [];
    for (const variant of variants) {
      const at: (Zapped & { gfns: number })[] = [];
      for (const gfns of sizes) {
        yield `2013 ${variant}: ${gfns} gfns`;
        at.push({ gfns, ...deleteMemslot(variant, gfns) });
      }
      runs.push({ variant, at });
    }
    return {
      counts: runs.flatMap(({ variant, at }) => {
        const last = at.at(-1);
        return last === undefined ? [] : countsOf(variant, last);
      }),
      plot: {
        title: 'Shadow pages zapped in one hold of mmu_lock',
        x: 'gfns of the guest',
        y: 'pages',
        series: runs.map(({ variant, at }) => ({ name: variant, points: at.map(({ gfns, largestHold }) => [gfns, largestHold] as const) })),
      },
      notes: [
        'The root, which vCPUs still hold, is zapped but not freed. It counts as a page here; the kernel does not count it for its batch, so that the first batch of 10 has one page more.',
        'Every check whether to yield finds somebody waiting.',
      ],
    };
  },
};

interface Zapped {
  readonly pages: number;
  /** Most pages zapped, and rmap entries removed, between taking the lock and letting go of it. */
  readonly largestHold: number;
  readonly largestRemoved: number;
  readonly yields: number;
  readonly flushes: number;
}

function countsOf(variant: Variant, { gfns, pages, largestHold, largestRemoved, yields, flushes }: Zapped & { gfns: number }): Count[] {
  const tables = Math.ceil(gfns / entriesPerTable);
  const all = tables + Math.ceil(tables / entriesPerTable) + 2;
  const once = variant === 'v3.10';
  const count = (what: string, expected: number, counted: number): Count => ({ what, variant, expected, relation: 'equals', counted });
  return [
    count('shadow pages', all, pages),
    count('most pages zapped in one hold', once ? all : batch + 1, largestHold),
    {
      ...count('most rmap entries removed in one hold', once ? gfns : batch * entriesPerTable, largestRemoved),
      relation: once ? 'equals' : 'atMost',
    },
    count('yields', once ? 0 : Math.floor((all - 1) / batch), yields),
    count('flushes of all vCPUs', 1, flushes),
  ];
}

function deleteMemslot(variant: Variant, gfns: number): Zapped {
  const rows = Math.ceil(gfns / entriesPerTable) + Math.ceil(gfns / entriesPerTable ** 2) + 2;
  const bounds = trueBounds({ vcpus, pages: rows, pgds: 1, gfns, quota: quotaOf(gfns), rmap: 1 });
  const { machine, procedures } = modelAtScale('3.1 A', variant, bounds, { tdp_enabled: true, directL1: true });
  const zapped = new Set<number>();
  let [largestHold, largestRemoved, entriesBefore, counting] = [0, 0, 0, false];
  const scale = compileAtScale(machine, procedures, {
    entries: ['startVcpu', 'kvm_mmu_page_fault', 'kvm_delete_memslot'],
    choose: () => 1,
    onReturn: new Map([['__kvm_mmu_prepare_zap_page', ([sp = 0]) => zapped.add(sp)]]),
    onLock: (lock, what) => {
      if (!counting || lock !== 'vm.mmu_lock') return;
      const entries = rmapEntries();
      if (what === 'released') {
        largestHold = Math.max(largestHold, zapped.size);
        largestRemoved = Math.max(largestRemoved, entriesBefore - entries);
      }
      zapped.clear();
      entriesBefore = entries;
    },
  });
  const { memory } = scale;
  const rmaps = memory.lists('rmaps', 'sptes');
  const rmapEntries = () => {
    let entries = 0;
    for (let gfn = 0; gfn < gfns; gfn++) entries += rmaps.length(gfn);
    return entries;
  };
  for (let v = 0; v < vcpus; v++) scale.call('startVcpu', [v + 1, 0], v);
  for (let gfn = 0; gfn < gfns; gfn++) scale.call('kvm_mmu_page_fault', [(gfn % vcpus) + 1, gfn], gfn % vcpus);
  const pages = memory.rowsInUse('pages');
  const flushesBefore = scale.calls('kvm_flush_remote_tlbs');
  counting = true;
  scale.call('kvm_delete_memslot', [], vcpus);
  return {
    pages,
    largestHold,
    largestRemoved,
    yields: scale.calls('cond_resched_rwlock_write'),
    flushes: scale.calls('kvm_flush_remote_tlbs') - flushesBefore,
  };
}
