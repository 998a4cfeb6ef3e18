/**
 * 2021: how many roots vCPUs drop when one guest process exits.
 *
 * Every slot of both MMUs of every vCPU is filled with a root of its own; then the table of one root, which vCPU 0 has in
 * its cache, is overwritten three times, and every vCPU does what it does before it enters its guest.
 */
import { compileAtScale, type ScaleSystem } from '../../compiler/index.ts';
import { modelAtScale } from './describe.ts';
import { trueBounds } from './numbers.ts';
import type { Count, ScaleScript, Series } from './run.ts';

const variants = ['base', 'posted', 'fixed'] as const;
type Variant = (typeof variants)[number];
/** Current and previous ones of one MMU. */
const slots = 4;
const slotsOfVcpu = 2 * slots;

export const roots2021: ScaleScript = {
  name: '2021',
  title: 'roots dropped when a guest process exits',
  run: function* (size) {
    const most = size === 'full' ? 8 : 2;
    const series: Series[] = [];
    const counts: Count[] = [];
    for (const variant of variants) {
      const points: [vcpus: number, result: Dropped][] = [];
      for (let vcpus = 1; vcpus <= most; vcpus++) {
        yield `2021 ${variant}: ${vcpus} of ${most} vCPUs`;
        points.push([vcpus, processExit(variant, vcpus)]);
      }
      series.push({ name: variant, points: points.map(([vcpus, { dropped }]) => [vcpus, dropped]) });
      const last = points.at(-1)?.[1] ?? { dropped: 0, reloads: 0 };
      const given = expected(variant, most);
      const count = (what: string, number: number, counted: number): Count => ({
        what,
        variant,
        expected: number,
        relation: 'equals',
        counted,
      });
      counts.push(
        count(`roots dropped, ${most} vCPUs`, given.dropped, last.dropped),
        count('vCPUs that load a root anew', given.reloads, last.reloads),
      );
    }
    return {
      counts,
      plot: { title: 'Roots dropped when one guest process exits', x: 'vCPUs', y: 'roots', series },
      notes: [
        'Every slot of both MMUs of each vCPU holds a root of its own: the most that there can be. With TDP root_mmu has one root, so that 5 of 8 slots of a vCPU are filled.',
        'As posted, the root that the process had is kept, since the current one is not obsolete: that is its defect, not a saving.',
      ],
    };
  },
};

interface Dropped {
  readonly dropped: number;
  readonly reloads: number;
}

function expected(variant: Variant, vcpus: number): Dropped {
  if (variant === 'base') return { dropped: slotsOfVcpu * vcpus, reloads: vcpus };
  return { dropped: variant === 'fixed' ? 1 : 0, reloads: 0 };
}

function processExit(variant: Variant, vcpus: number): Dropped {
  const roots = slotsOfVcpu * vcpus;
  const bounds = trueBounds({ vcpus, pages: roots + vcpus * 2, pgds: roots, gfns: roots });
  const { machine, procedures } = modelAtScale('3.3 B', variant, bounds, { tdp_enabled: false });
  const entries = ['startVcpu', 'switchTo', 'nested_ept_init_mmu_context', 'nested_ept_uninit_mmu_context', 'prepareEntry'];
  const scale = compileAtScale(machine, procedures, { entries: [...entries, 'kvm_mmu_pte_write', 'service_root_requests'] });
  for (let v = 0; v < vcpus; v++) fillSlots(scale, v);
  const before = heldRoots(scale);
  const loads = scale.calls('kvm_mmu_load');
  // The guest has written to its PGD 1, of vCPU 0, as a process that exits does. PGD 3 is the one it runs on.
  for (let entry = 0; entry < 3; entry++) scale.call('kvm_mmu_pte_write', [1, entry]);
  for (let v = 0; v < vcpus; v++) scale.call('service_root_requests', [v + 1], v);
  const dropped = before - heldRoots(scale);
  for (let v = 0; v < vcpus; v++) scale.call('prepareEntry', [v + 1], v);
  return { dropped, reloads: scale.calls('kvm_mmu_load') - loads };
}

/** L1 of vCPU v has run on four PGDs, L2 on four others. */
function fillSlots(scale: ScaleSystem, v: number): void {
  const vcpu = [v + 1];
  const first = v * slotsOfVcpu;
  scale.call('startVcpu', [v + 1, first], v);
  for (let k = 1; k < slots; k++) scale.call('switchTo', [v + 1, first + k], v);
  for (let k = slots; k < slotsOfVcpu; k++) {
    scale.call('nested_ept_init_mmu_context', [v + 1, first + k], v);
    scale.call('prepareEntry', vcpu, v);
  }
  scale.call('nested_ept_uninit_mmu_context', vcpu, v);
  scale.call('prepareEntry', vcpu, v);
}

/** Slots of all vCPUs that hold a root. */
function heldRoots({ memory }: ScaleSystem): number {
  const held = [memory.column('mmus', 'root.hpa'), memory.column('mmus', 'prev_roots.hpa')];
  return held.flatMap((column) => [...column]).filter((hpa) => hpa !== 0).length;
}
