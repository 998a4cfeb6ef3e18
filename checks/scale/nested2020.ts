/**
 * 2020: shadow pages that destroyed nested guests leave behind.
 *
 * L1 boots guests, ten at a time, each on a vCPU of its own. L2 touches every page of its memory; then L1 zeroes the
 * tables of its EPT in order, from the top, all but those of level 1, and goes on to other frames for the next guest. A
 * write to a table that is shadowed is emulated; as soon as it is not, writing is no business of KVM's.
 */
import { compileAtScale, type ScaleSystem } from '../../compiler/index.ts';
import type { Bounds } from '../../model/index.ts';
import { modelAtScale } from './describe.ts';
import { entriesPerTable, pagesPerGibibyte, quotaOf, trueBounds } from './numbers.ts';
import type { Count, ScaleScript } from './run.ts';

const variants = ['v5.8', 'posted', 'merged'] as const;
type Variant = (typeof variants)[number];
const atATime = 10;
/** KVM_NUM_MMU_PAGES: heads of `mmu_page_hash`. */
const hashBuckets = 4096;
/** An indirect shadow page has its table, and a page of gfns. */
const pagesOfIndirectInGibibyte = pagesPerGibibyte / 2;

interface Sizes {
  readonly l1Gfns: number;
  /** Of one nested guest. */
  readonly gfns: number;
  readonly boots: number;
}
const sizes: Readonly<Record<'full' | 'reduced', Sizes>> = {
  full: { l1Gfns: 64 * pagesPerGibibyte, gfns: 2 * pagesPerGibibyte, boots: 200 },
  reduced: { l1Gfns: 2 * pagesPerGibibyte, gfns: 8 * entriesPerTable, boots: 20 },
};

interface Round {
  readonly boots: number;
  /** Shadow pages when the guests of a round run, and when they are gone, beside L1's own. */
  readonly live: number;
  readonly left: number;
}
interface Booted {
  readonly rounds: readonly Round[];
  readonly tables: Tables;
  /** Rmap entries beside those of L1's own pages, and most entries of one gfn, when all guests are gone. */
  readonly rmapEntries: number;
  readonly longestRmap: number;
  /** Most pages in use at any time, L1's own included; pages that the quota allows. */
  readonly mostPages: number;
  readonly quota: number;
  /** Calls of the recycling. */
  readonly recycled: number;
}

export const nested2020: ScaleScript = {
  name: '2020',
  title: 'shadow pages that destroyed nested guests leave',
  run: function* (size) {
    const given = sizes[size];
    const runs: (Booted & { variant: Variant })[] = [];
    for (const variant of variants) runs.push({ variant, ...(yield* bootAll(variant, given)) });
    return {
      counts: runs.flatMap(({ variant, ...booted }) => countsOf(variant, given, booted)),
      plot: {
        title: 'Shadow pages of nested guests',
        x: 'boots',
        y: 'pages',
        series: [
          ...runs.map(({ variant, rounds }) => ({
            name: `${variant}, left`,
            points: rounds.map(({ boots, left }) => [boots, left] as const),
          })),
          ...runs.slice(0, 1).map(({ rounds }) => ({
            name: 'guests that run',
            points: rounds.map((round, k) => [round.boots, runningIn(round, k, rounds)] as const),
          })),
        ],
      },
      notes: [
        'L1 never uses the frames of a table again: an upper estimate, since a lookup would find the old page.',
        'L1 leaves tables of level 1 as they are. It zeroes the others front to back: two entries go one by one before the third write floods a table.',
        'The memory of a guest is that of the one before it on the same vCPU, all of it within that of L1.',
        'The model has no hash buckets and no second page of an indirect shadow page: what these come to is computed from the pages that are left.',
        "L1's own tables are mapped with one fault a table: SPTEs beside the first are of no consequence here.",
      ],
    };
  },
};

/** Pages of the guests of a round, without those that earlier ones left. */
function runningIn({ live }: Round, k: number, rounds: readonly Round[]): number {
  return live - (rounds[k - 1]?.left ?? 0);
}

/** Tables of one nested guest by level. */
interface Tables {
  readonly level1: number;
  readonly level2: number;
  readonly all: number;
}
function tablesOf(gfns: number): Tables {
  const level1 = Math.ceil(gfns / entriesPerTable);
  const level2 = Math.ceil(level1 / entriesPerTable);
  return { level1, level2, all: level1 + level2 + 2 };
}

function countsOf(
  variant: Variant,
  { boots, l1Gfns }: Sizes,
  { rounds, tables, rmapEntries, longestRmap, mostPages, quota, recycled }: Booted,
): Count[] {
  const count = (what: string, expected: number, counted: number, relation: Count['relation'] = 'equals'): Count => ({
    what,
    variant,
    expected,
    relation,
    counted,
  });
  const base = variant === 'v5.8';
  const left = base ? tables.level1 * boots : 2 * tables.level2 * boots;
  const last = rounds.at(-1);
  const running = rounds.map(runningIn);
  const leftPages = last?.left ?? 0;
  const relation = base ? 'equals' : 'atMost';
  return [
    count(`pages left after ${boots} boots`, left, leftPages, relation),
    count('fewest pages of running guests, of all rounds', atATime * tables.all, Math.min(...running)),
    count('most pages of running guests, of all rounds', atATime * tables.all, Math.max(...running)),
    count('rmap entries of pages that are left', left * entriesPerTable, rmapEntries, relation),
    count('rmap entries per gfn of L1, on average', (left * entriesPerTable) / l1Gfns, rmapEntries / l1Gfns, relation),
    count("most rmap entries of one gfn, L1's own included", boots / atATime + 1, longestRmap, relation),
    count('pages per hash bucket, on average', left / hashBuckets, leftPages / hashBuckets, relation),
    count('GiB, two pages of 4 KiB each', left / pagesOfIndirectInGibibyte, leftPages / pagesOfIndirectInGibibyte, relation),
    count('most pages at any time, against the quota', quota, mostPages, 'atMost'),
    count('calls that recycle pages', 0, recycled),
  ];
}

function* bootAll(variant: Variant, { l1Gfns, gfns, boots }: Sizes): Generator<string, Booted, void> {
  const tables = tablesOf(gfns);
  const own = tablesOf(l1Gfns).all;
  const kept = variant === 'v5.8' ? tables.level1 : 2 * tables.level2;
  const bounds = trueBounds({
    vcpus: atATime,
    pages: own + atATime * tables.all + kept * boots,
    pgds: tables.all * boots,
    gfns: l1Gfns,
    guestFrames: tables.all * boots,
    quota: quotaOf(l1Gfns),
    rmap: boots / atATime + 1,
  });
  const { machine, procedures } = modelAtScale('3.2 A', variant, bounds, { tdp_enabled: true, directL1: true });
  const entries = ['startVcpu', 'prepareEntry', 'nested_ept_init_mmu_context', 'nested_ept_uninit_mmu_context'];
  const scale = compileAtScale(machine, procedures, { entries: [...entries, 'kvm_mmu_page_fault', 'emulator_write_guest_entry'] });
  for (let v = 0; v < atATime; v++) scale.call('startVcpu', [v + 1, 0], v);
  for (let gfn = 0; gfn < l1Gfns; gfn += entriesPerTable) {
    if (gfn % pagesPerGibibyte === 0) yield `2020 ${variant}: L1 touches its memory, ${gfn} of ${l1Gfns} gfns`;
    scale.call('kvm_mmu_page_fault', [1, gfn]);
  }
  const ownPages = scale.memory.rowsInUse('pages');
  const shadowed = shadowedFrames(scale);
  const rounds: Round[] = [];
  let mostPages = 0;
  for (let first = 0; first < boots; first += atATime) {
    for (let v = 0; v < atATime; v++) boot(scale, v, first + v, tables, bounds);
    for (let gfn = 0; gfn < gfns; gfn++) {
      if (gfn % (64 * entriesPerTable) === 0) {
        yield `2020 ${variant}: boots ${first} to ${first + atATime} of ${boots}, ${scale.memory.rowsInUse('pages') - ownPages} pages of nested guests`;
      }
      for (let v = 0; v < atATime; v++) scale.call('kvm_mmu_page_fault', [v + 1, gfn], v);
    }
    const live = scale.memory.rowsInUse('pages') - ownPages;
    mostPages = Math.max(mostPages, live + ownPages);
    for (let v = 0; v < atATime; v++) destroy(scale, v, first + v, tables, shadowed);
    rounds.push({ boots: first + atATime, live, left: scale.memory.rowsInUse('pages') - ownPages });
  }
  const recycled = scale.calls('kvm_mmu_zap_oldest_mmu_pages');
  return { rounds, tables, ...rmapsOf(scale, bounds), mostPages, quota: bounds.quota, recycled };
}

/** Frames of the tables of one guest, which no other one has: its PGD, the table of level 3, those of level 2 and 1. */
function framesOf(guest: number, { level1, level2, all }: Tables): { pgd: number; level3: number; level2: number[]; level1: number[] } {
  const first = guest * all;
  const next = (from: number, count: number) => Array.from({ length: count }, (_, k) => first + from + k);
  return { pgd: first, level3: first + 1, level2: next(2, level2), level1: next(2 + level2, level1) };
}

/** L1 writes the tables, which nothing shadows yet, and enters L2. Memory of a guest is that of an earlier one of its vCPU. */
function boot(scale: ScaleSystem, v: number, guest: number, tables: Tables, { guestFrames = 0 }: Bounds): void {
  const entries = scale.memory.column('frames', 'entries');
  const { pgd, level3, level2, level1 } = framesOf(guest, tables);
  const link = (upper: readonly number[], lower: readonly number[]) => {
    lower.forEach((frame, k) => {
      entries[(upper[Math.floor(k / entriesPerTable)] ?? 0) * entriesPerTable + (k % entriesPerTable)] = frame + 1;
    });
  };
  link([pgd], [level3]);
  link([level3], level2);
  link(level2, level1);
  const memory = guestFrames + v * tables.level1 * entriesPerTable;
  level1.forEach((frame, table) => {
    for (let k = 0; k < entriesPerTable; k++) entries[frame * entriesPerTable + k] = memory + table * entriesPerTable + k + 1;
  });
  scale.call('nested_ept_init_mmu_context', [v + 1, pgd], v);
  scale.call('prepareEntry', [v + 1], v);
}

/** Back in L1, which zeroes what it wrote for the guest above level 1. */
function destroy(scale: ScaleSystem, v: number, guest: number, tables: Tables, shadowed: (frame: number) => boolean): void {
  scale.call('nested_ept_uninit_mmu_context', [v + 1], v);
  scale.call('prepareEntry', [v + 1], v);
  const entries = scale.memory.column('frames', 'entries');
  const { pgd, level3, level2 } = framesOf(guest, tables);
  for (const frame of [pgd, level3, ...level2]) {
    let trapped = shadowed(frame);
    for (let index = 0; index < entriesPerTable; index++) {
      if (trapped) {
        scale.call('emulator_write_guest_entry', [frame, index, 0], v);
        trapped = shadowed(frame);
      } else {
        entries[frame * entriesPerTable + index] = 0;
      }
    }
  }
  // Other vCPUs are asked to drop roots, too, and do so when they enter their guests.
  for (let other = 0; other < atATime; other++) scale.call('prepareEntry', [other + 1], other);
}

/** Whether the table in a guest frame has a shadow page that can be found: then it is write-protected. */
function shadowedFrames({ memory }: ScaleSystem): (frame: number) => boolean {
  const column = (path: string) => memory.column('pages', path);
  const [gfn, hashed, invalid, direct] = [column('gfn'), column('hashed'), column('role.invalid'), column('role.direct')];
  return (frame) => {
    for (let row = gfn.indexOf(frame); row >= 0; row = gfn.indexOf(frame, row + 1)) {
      if (hashed[row] === 1 && invalid[row] === 0 && direct[row] === 0) return true;
    }
    return false;
  };
}

/** What is in the rmaps: of L1's own pages one entry a table, since L1 has touched one page of each. */
function rmapsOf({ memory }: ScaleSystem, { gfns }: Bounds): Pick<Booted, 'rmapEntries' | 'longestRmap'> {
  const rmaps = memory.lists('rmaps', 'sptes');
  let [entries, longest] = [0, 0];
  for (let gfn = 0; gfn < gfns; gfn++) {
    entries += rmaps.length(gfn);
    longest = Math.max(longest, rmaps.length(gfn));
  }
  return { rmapEntries: entries - tablesOf(gfns).level1, longestRmap: longest };
}
