/**
 * 2023: how often a zap of a range flushes when somebody waits for `mmu_lock` whenever it looks.
 *
 * One vCPU's guest has every page mapped by a leaf of level 1; then KVM zaps the whole range for a reason of its own.
 */
import { compileAtScale } from '../../compiler/index.ts';
import { modelAtScale } from './describe.ts';
import { entriesPerTable, pagesPerGibibyte, trueBounds } from './numbers.ts';
import type { Count, ScaleScript } from './run.ts';
import { tdpHardware } from './tdpHardware.ts';

const variants = ['base', 'posted'] as const;
type Variant = (typeof variants)[number];

export const flushes2023: ScaleScript = {
  name: '2023',
  title: 'flushes of one zap of a range',
  run: function* (size) {
    const largest = size === 'full' ? pagesPerGibibyte : 16 * entriesPerTable;
    const powers = Array.from({ length: Math.log2(largest) + 1 }, (_, power) => 2 ** power);
    const ranges = size === 'full' ? powers : powers.filter((gfns) => gfns === 1 || gfns === entriesPerTable || gfns === largest);
    const runs: { variant: Variant; at: Zapped[] }[] = [];
    for (const variant of variants) {
      const at: Zapped[] = [];
      for (const gfns of ranges) {
        yield `2023 ${variant}: ${gfns} gfns`;
        at.push(zapRange(variant, gfns));
      }
      runs.push({ variant, at });
    }
    return {
      counts: runs.flatMap(({ variant, at }) =>
        at.filter(({ gfns }) => gfns === entriesPerTable || gfns === largest).flatMap((zapped) => countsOf(variant, zapped)),
      ),
      plot: {
        title: 'Flushes of one zap of a range, contended at every check',
        x: 'gfns of the range',
        y: 'flushes',
        logarithmic: true,
        series: runs.map(({ variant, at }) => ({ name: variant, points: at.map(({ gfns, flushes }) => [gfns, flushes] as const) })),
      },
      notes: [
        'Every check whether to yield finds somebody waiting; the kernel does not look before the first gfn, nor twice at one.',
        'As posted, a link to a table that lies wholly in the range is zapped as one SPTE: range and table coincide for 2 MiB and 1 GiB.',
        'Tables that were unlinked wait for a grace period; none is under way here.',
      ],
    };
  },
};

interface Zapped {
  readonly gfns: number;
  readonly flushes: number;
  readonly yields: number;
  /** gfns that the guest can still write to. */
  readonly left: number;
}

function countsOf(variant: Variant, { gfns, flushes, yields, left }: Zapped): Count[] {
  const range = gfns === pagesPerGibibyte ? '1 GiB' : `${gfns / 256} MiB`;
  const count = (what: string, expected: number, counted: number): Count => ({
    what: `${range}: ${what}`,
    variant,
    expected,
    relation: 'equals',
    counted,
  });
  // Whole tables: those of level 1 that make the range, or the one of level 2.
  const tables = gfns === pagesPerGibibyte ? 1 : gfns / entriesPerTable;
  return [
    count('flushes', variant === 'base' ? gfns : tables, flushes),
    count('yields', variant === 'base' ? gfns - 1 : tables - 1, yields),
    count('pages that the guest can still reach', 0, left),
  ];
}

function zapRange(variant: Variant, gfns: number): Zapped {
  const tables = Math.ceil(gfns / entriesPerTable);
  const bounds = trueBounds({ vcpus: 1, gfns, pages: 3 + tables, pgds: 0 });
  const options = { tdp_enabled: true };
  const { machine, procedures } = modelAtScale('3.5 F', variant, bounds, options);
  const flushing = ['kvm_flush_remote_tlbs', 'kvm_flush_remote_tlbs_range'];
  let released = 0;
  const scale = compileAtScale(machine, procedures, {
    entries: ['prologue_small_pages', 'kvm_zap_gfn_range', ...flushing],
    choose: () => 1,
    onLock: (lock, what) => {
      if (lock === 'vm.mmu_lock' && what === 'released') released++;
    },
  });
  const hardware = tdpHardware(scale.memory, bounds, options);
  const flushes = () => flushing.reduce((sum, name) => sum + scale.calls(name), 0);
  scale.call('prologue_small_pages');
  const [flushesBefore, releasedBefore] = [flushes(), released];
  scale.call('kvm_zap_gfn_range', [0, gfns]);
  // Holds of mmu_lock that the function has anyhow: one; as posted three, of which the one in the middle may be left and taken again.
  const holds = variant === 'base' ? 1 : 3;
  let left = 0;
  for (let gfn = 0; gfn < gfns; gfn++) if (hardware.mayWrite(gfn)) left++;
  return { gfns, flushes: flushes() - flushesBefore, yields: released - releasedBefore - holds, left };
}
