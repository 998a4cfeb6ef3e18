/**
 * 2022: who splits huge pages when dirty logging is enabled.
 *
 * Each vCPU has one huge page of 1 GiB, mapped by one leaf of level 3. Logging is enabled; then each vCPU writes every page of its
 * own once. A write that the tables allow needs no fault: here they are walked as the hardware does. All others fault.
 */
import { compileAtScale } from '../../compiler/index.ts';
import type { ModelOptions } from '../../model/index.ts';
import { modelAtScale } from './describe.ts';
import { entriesPerTable, trueBounds } from './numbers.ts';
import type { Count, ScaleScript } from './run.ts';
import { tdpHardware } from './tdpHardware.ts';

/** What is run: a variant of 3.4 A, and what dirty logging goes by. */
interface Form {
  readonly name: string;
  readonly variant: string;
  /** D bits, in place of write protection. */
  readonly adBits: boolean;
}
const base: Form = { name: 'base', variant: 'base', adBits: true };
const posted: Form = { name: 'v2', variant: 'v2', adBits: true };
const writeProtected: Form = { name: 'v6.12, no D bits', variant: 'v6.12', adBits: false };
const forms: readonly Form[] = [base, posted, { name: 'v6.12', variant: 'v6.12', adBits: true }, writeProtected];

interface Sizes {
  readonly vcpus: number;
  readonly fanout: number;
}
const sizes: Readonly<Record<'full' | 'reduced', Sizes>> = {
  full: { vcpus: 96, fanout: entriesPerTable },
  reduced: { vcpus: 4, fanout: 32 },
};

interface Dirtied {
  /** After enabling, and after the writes of all vCPUs: tables that were made, leaves of level 1. */
  readonly enabled: Tables;
  readonly written: Tables;
  /** How often enabling let go of `mmu_lock`. */
  readonly released: number;
  /** By vCPU: faults, and those of them that took `mmu_lock`. */
  readonly faults: readonly number[];
  readonly locked: readonly number[];
  /** D bits of leaves of level 1, and calls of `mark_page_dirty_in_slot()`. */
  readonly dirty: number;
  readonly marked: number;
}
interface Tables {
  readonly made: number;
  readonly leaves: number;
}

export const split2022: ScaleScript = {
  name: '2022',
  title: 'huge pages split when dirty logging is enabled',
  run: function* (size) {
    const given = sizes[size];
    const runs: { form: Form; result: Dirtied }[] = [];
    for (const form of forms) runs.push({ form, result: yield* dirtyAll(form, given) });
    return {
      counts: runs.flatMap(({ form, result }) => countsOf(form, given, result)),
      plot: {
        title: 'Faults of vCPUs that write all their memory once',
        x: 'vCPUs, 1 GiB each',
        y: 'faults',
        series: runs.map(({ form, result }) => ({ name: form.name, points: summed(result.faults) })),
      },
      notes: [
        'Tables: those below the leaf of level 3 of each vCPU; the root and the table of level 3 were there before.',
        'Base: a huge leaf loses W when logging is enabled, and the first write zaps it, so that every page of it faults with mmu_lock.',
        'With D bits small leaves keep W, and the CPU sets D by itself. Exits because a PML buffer is full are no faults; they are not modelled.',
        'Without D bits small leaves lose W, and each is given it back by the fault that takes no lock. The CPU of the mail has D bits.',
        'Allocations succeed. v2 tries them with mmu_lock, v6.12 lets go of it for each.',
        'No vCPU waits for mmu_lock while huge pages are split, so that the split never yields.',
      ],
    };
  },
};

function countsOf(form: Form, { vcpus, fanout }: Sizes, { enabled, written, released, faults, locked, dirty, marked }: Dirtied): Count[] {
  const count = (what: string, expected: number, counted: number): Count => ({
    what,
    variant: form.name,
    expected,
    relation: 'equals',
    counted,
  });
  const tables = vcpus * (1 + fanout);
  const leaves = vcpus * fanout * fanout;
  const eager = form !== base;
  // Each walk over the memory lets go of it at its end: the split, what clears D, what takes W away.
  const walks = (eager ? 1 : 0) + (form.adBits ? 2 : 1);
  const bySelf = eager && form.adBits;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return [
    count('tables made by enabling', eager ? tables : 0, enabled.made),
    count('leaf SPTEs of level 1 after enabling', eager ? leaves : 0, enabled.leaves),
    count('times mmu_lock is let go of for them', form === base || form === posted ? 0 : tables, released - walks),
    count('faults of one vCPU', bySelf ? 0 : fanout * fanout, Math.max(...faults)),
    count('faults of all vCPUs', bySelf ? 0 : leaves, sum(faults)),
    count('of these with mmu_lock', eager ? 0 : leaves, sum(locked)),
    count('tables in the end', tables, written.made),
    count('leaf SPTEs of level 1 in the end', leaves, written.leaves),
    bySelf ? count('D bits set', leaves, dirty) : count('pages marked dirty', leaves, marked),
  ];
}

/** Faults of the first n vCPUs, from none on. */
function summed(faults: readonly number[]): [vcpus: number, faults: number][] {
  const points: [vcpus: number, faults: number][] = [[0, 0]];
  let sum = 0;
  for (const each of faults) {
    sum += each;
    points.push([points.length, sum]);
  }
  return points;
}

function* dirtyAll(form: Form, { vcpus, fanout }: Sizes): Generator<string, Dirtied, void> {
  const each = fanout * fanout;
  const bounds = trueBounds({ vcpus, fanout, gfns: vcpus * each, pages: 2 + vcpus * (1 + fanout), pgds: 0 });
  const options: ModelOptions = {
    tdp_enabled: true,
    tdp: { hugePages: true, hugeLevel: 3, guestWrites: true, adBits: form.adBits },
  };
  const { machine, procedures } = modelAtScale('3.4 A', form.variant, bounds, options);
  let releases = 0;
  const scale = compileAtScale(machine, procedures, {
    entries: ['prologue_root', 'kvm_mmu_page_fault', 'kvm_enable_dirty_logging', 'hardware_writes'],
    choose: () => 0,
    onLock: (lock, what) => {
      if (lock === 'vm.mmu_lock' && what === 'released') releases++;
    },
  });
  const hardware = tdpHardware(scale.memory, bounds, options);
  scale.call('prologue_root');
  for (let v = 0; v < vcpus; v++) scale.call('kvm_mmu_page_fault', [v + 1, v * each]);
  const before = scale.memory.rowsInUse('pages');
  const tables = (): Tables => ({ made: scale.memory.rowsInUse('pages') - before, leaves: hardware.leaves() });

  yield `2022 ${form.name}: enabling dirty logging for ${bounds.gfns} gfns`;
  const releasesBefore = releases;
  scale.call('kvm_enable_dirty_logging');
  const released = releases - releasesBefore;
  const enabled = tables();
  const faults = new Array<number>(vcpus).fill(0);
  const locked = new Array<number>(vcpus).fill(0);
  for (let v = 0; v < vcpus; v++) {
    yield `2022 ${form.name}: vCPU ${v} of ${vcpus} writes, ${faults.reduce((a, b) => a + b, 0)} faults so far`;
    const lockedBefore = scale.calls('kvm_tdp_mmu_map');
    for (let gfn = v * each; gfn < (v + 1) * each; gfn++) {
      while (!hardware.mayWrite(gfn)) {
        scale.call('kvm_mmu_page_fault', [v + 1, gfn]);
        faults[v] = (faults[v] ?? 0) + 1;
      }
      if (form.adBits) scale.call('hardware_writes', [v + 1, gfn]);
    }
    locked[v] = scale.calls('kvm_tdp_mmu_map') - lockedBefore;
  }
  return { enabled, written: tables(), released, faults, locked, dirty: hardware.dirty(), marked: scale.calls('mark_page_dirty') };
}
