import { afterEach, describe, expect, it, vi } from 'vitest';
import { SharedWords } from '../testing/preempted.ts';
import { homeOf, sizeOf } from '../visited/size.ts';
import { field, RecordLayout } from './records.ts';
import { roundText } from './roundText.ts';
import { type Segments, SharedExactTable, SharedFingerprintTable, type SharedTable } from './tables.ts';

afterEach(() => vi.unstubAllGlobals());

/** Records of one thread: hash, and what the slot holds besides. */
type Taken = readonly (readonly [hash: number, second: number])[];

const layout = new RecordLayout(1, 2);
const slotCount = 16;
const keyBits = 4;
/** Hashes whose homes are one slot, or neighbours, wherever the bits are taken from that make it: each thread wants what the other wants. */
const hashes = [0x3000_0003, 0x3000_0013, 0x3000_0023, 0x4000_0004].map((hash) => hash | 0);
const halves = (exact: boolean): [Taken, Taken] => {
  const all = hashes.map((hash, id): [number, number] => [hash, exact ? id + 1 : 77 + id]);
  return [all.filter((_, id) => id % 2 === 0), all.filter((_, id) => id % 2 === 1)];
};

/** Winners among the records of an arena; ids are those of `halves`. */
function writeRecords(words: Int32Array, at: number, taken: Taken, exact: boolean): void {
  taken.forEach(([hash, second], k) => {
    const base = at + k * layout.stride;
    words[base + field.hash] = hash;
    words[base + field.high] = second;
    words[base + layout.id] = exact ? second - 1 : second - 77;
  });
}

/** One way to take slots: shared words, what either thread does, and the slots, in the order in which they are sought. */
interface Trial {
  readonly shared: SharedWords;
  readonly threads: readonly [() => void, () => void];
  readonly slots: Int32Array;
  home(hash: number): number;
}
type Way = (exact: boolean, what: 'place' | 'move', torn: boolean) => Trial;

const outside: Way = (exact, what, torn) => {
  const shared = new SharedWords(new Int32Array(2 * slotCount), torn);
  vi.stubGlobal('Atomics', shared.atomics);
  const store = (words: number): Segments => ({ words, shift: 4, mask: 15, segments: [new Int32Array(16 * words)] });
  const table = new (exact ? SharedExactTable : SharedFingerprintTable)(store(1), store(2), shared.seen);
  const threads = halves(exact).map((taken) => () => work(table, taken, exact, what)) as [() => void, () => void];
  const { mask, quarters } = sizeOf(slotCount);
  return { shared, threads, slots: shared.words, home: (hash) => homeOf(hash, mask, quarters) };
};

function work(table: SharedTable, taken: Taken, exact: boolean, what: 'place' | 'move'): void {
  if (what === 'move') {
    table.move(Int32Array.from(taken.flat()), 0, taken.length);
    return;
  }
  const arena = new Int32Array(taken.length * layout.stride);
  writeRecords(arena, 0, taken, exact);
  table.place(arena, layout, 0, taken.length, 0, keyBits);
}

const inModule: Way = (exact, what, torn) => {
  const words = 1;
  const stride = exact ? words + 2 : words;
  const facts = { processes: 1, essentials: 0, lockBits: [], toMeet: 0 };
  const text = roundText({
    ...facts,
    words,
    exact,
    stride,
    linkStride: exact ? stride : 2,
    buffer: 0,
    lastOut: 0,
    layout,
    worker: 0,
    keyBits,
    noMinimum: false,
  });
  // Words of the table, of states with links, and of what each thread brings.
  const [table, states, brought, each] = [0, 64, 128, 64];
  const shared = new SharedWords(new Int32Array(256), torn);
  // As the module would run it.
  const load = new Function('Z', 'Atomics', text) as (...given: unknown[]) => Record<string, (...args: number[]) => number>;
  const shift = 32 - Math.log2(slotCount);
  const threads = halves(exact).map((taken, k) => {
    const { set, place, move } = load(shared.seen, shared.atomics);
    const from = brought + k * each;
    if (what === 'place') writeRecords(shared.words, from, taken, exact);
    else shared.words.set(taken.flat(), from);
    set?.(table, shift, 4, states, states + 32);
    return () => {
      if (what === 'place') place?.(from, from + taken.length * layout.stride, 0);
      else move?.(from, from + 2 * taken.length);
    };
  }) as [() => void, () => void];
  return { shared, threads, slots: shared.words.subarray(0, 2 * slotCount), home: (hash) => hash >>> shift };
};

/** What a search would not find, over all schedules. */
function lost(way: Way, exact: boolean, what: 'place' | 'move', torn = false): { schedules: number; lost: number } {
  const all = halves(exact).flat();
  for (let schedules = 0, missing = 0; ; schedules++) {
    const { shared, threads, slots, home } = way(exact, what, torn);
    const stopped = shared.run(threads[0], threads[1], schedules);
    for (const [hash, second] of all) {
      let slot = home(hash);
      while (slots[2 * slot + 1] !== 0 && (slots[2 * slot] !== hash || slots[2 * slot + 1] !== second)) slot++;
      if (slots[2 * slot + 1] === 0) missing++;
    }
    if (!stopped) return { schedules, lost: missing };
  }
}

describe.each([
  ['outside', outside],
  ['in the module', inModule],
] as const)('slots that two threads want, %s', (_, way) => {
  const cases = [true, false].flatMap((exact) =>
    (['place', 'move'] as const).map((what) => [exact ? 'exact' : 'fingerprint', what] as const),
  );

  it.each(cases)('%s, %s: none is taken twice, whenever one of them is stopped', (mode, what) => {
    const found = lost(way, mode === 'exact', what);
    expect(found.lost).toBe(0);
    expect(found.schedules).toBeGreaterThan(5);
  });

  it.each(cases)('%s, %s: it is noticed if an exchange can be stopped in its midst', (mode, what) => {
    expect(lost(way, mode === 'exact', what, true).lost).toBeGreaterThan(0);
  });
});
