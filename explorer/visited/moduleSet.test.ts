import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WordSource } from '../checkpoint/words.ts';
import { moduleSet } from '../testing/moduleMemory.ts';
import { Batch, type VisitedSet } from './batch.ts';
import { ExactSet } from './exact.ts';
import { FingerprintSet } from './fingerprint.ts';
import { hashWords } from './hash.ts';
import { SpillingSet } from './spillingSet.ts';

/** Pages of 64 KiB of which a set soon has no more. */
const few = 10;

interface Pair {
  readonly plain: VisitedSet;
  readonly module: SpillingSet;
  readonly buffer: Int32Array;
  readonly batch: Batch;
}

function pairOf(words: number, exact: boolean, pagesMost?: number): Pair {
  const { set, buffer } = moduleSet(words, exact, pagesMost);
  return { plain: exact ? new ExactSet(words) : new FingerprintSet(words), module: new SpillingSet(set), buffer, batch: new Batch(200) };
}

/** Puts states into both sets; parents and labels are numbers of states. Compares what `insert` tells. */
function insert({ plain, module, buffer, batch }: Pair, states: readonly Int32Array[]): void {
  const { words } = module;
  batch.count = 0;
  for (const [k, state] of states.entries()) {
    buffer.set(state, k * words);
    batch.add(k * words, plain.states - 1 - k, 7 * k);
  }
  const told = [plain, module].map((set) => {
    const made = set.insert(buffer, batch);
    return { made, states: set.states, fresh: [...batch.fresh.subarray(0, made)] };
  });
  expect(told[1]).toEqual(told[0]);
}

function rowsOf(set: VisitedSet, words: number, from: number): unknown[] {
  return Array.from({ length: set.states }, (_, id) => {
    const state = new Int32Array(words);
    if (id >= from) set.copyTo(id, state, 0);
    return [set.parentOf(id), set.labelOf(id), ...state];
  });
}

/** What a set writes, to be read by another. */
function saved(set: VisitedSet): WordSource {
  const pieces: Int32Array[] = [];
  set.save({ write: (some) => pieces.push(some.slice()) });
  const all = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  at = 0;
  return {
    read: (some) => {
      some.set(all.subarray(at, at + some.length));
      at += some.length;
    },
  };
}

/** States of which many are the same: numbers below `count`, spread over the words. */
function statesOf(numbers: readonly number[], words: number): Int32Array[] {
  return numbers.map((n) => Int32Array.from({ length: words }, (_, word) => (word === n % words ? n : Math.imul(n >>> 4, word))));
}

const batches = fc.array(fc.array(fc.nat(3000), { maxLength: 120, size: 'max' }), { minLength: 1, maxLength: 50, size: 'max' });

describe.each([
  ['exact', true],
  ['of fingerprints', false],
])('a set in a module, %s', (_, exact) => {
  it.each([1, 2, 3, 8, 47, 60])('gives the ids, the order and the links of the set outside: states of %d words', (words) => {
    const spilt = new Set<boolean>();
    fc.assert(
      fc.property(batches, fc.boolean(), (list, small) => {
        const pair = pairOf(words, exact, small ? few : undefined);
        let expanded = 0;
        for (const numbers of list) {
          insert(pair, statesOf(numbers, words));
          expanded += (pair.plain.states - expanded) >> 1;
          for (const set of [pair.plain, pair.module]) set.expandedBelow(expanded);
        }
        expect(rowsOf(pair.module, words, expanded)).toEqual(rowsOf(pair.plain, words, expanded));
        spilt.add(pair.module.upper !== null);
      }),
      { seed: 11, numRuns: 8, endOnFailure: true },
    );
    if (words >= 47 && exact) expect(spilt.size).toBe(2);
  });

  it.each([
    ['within its memory', undefined, 30_000],
    ['beyond its memory', 18, 30_000],
  ])(
    'grows often, %s, and checkpoints are read by either',
    (__, pagesMost, count) => {
      const words = 3;
      const pair = pairOf(words, exact, pagesMost);
      for (let n = 0; n < count; n += 100) {
        const numbers = Array.from({ length: 200 }, (___, k) => (k < 100 ? n + k : Math.imul(n + k, 0x9e3779b1) >>> 12));
        insert(pair, statesOf(numbers, words));
        for (const set of [pair.plain, pair.module]) set.expandedBelow(n >> 1);
      }
      const { plain, module } = pair;
      expect(module.upper === null).toBe(pagesMost === undefined);
      expect(module.remark === null).toBe(pagesMost === undefined);
      const kept = count >> 1;
      const rows = rowsOf(plain, words, kept);
      expect(rowsOf(module, words, kept)).toEqual(rows);
      const fresh = () => pairOf(words, exact, pagesMost);
      for (const from of [plain, module]) {
        const { plain: outside, module: inside, buffer, batch } = fresh();
        outside.load(saved(from));
        inside.load(saved(from));
        expect(inside.upper === null).toBe(pagesMost === undefined);
        expect(rowsOf(outside, words, kept)).toEqual(rows);
        expect(rowsOf(inside, words, kept)).toEqual(rows);
        insert({ plain: outside, module: inside, buffer, batch }, statesOf([1, 2, 3, 1 << 29, 5, 1 << 29, 1 << 28], words));
        expect(outside.states).toBe(rows.length + 2);
      }
    },
    60_000,
  );

  it('gives room to threads in its memory, again and again, and goes on as it was', () => {
    const words = 3;
    const { set: lower, buffer, memory } = moduleSet(words, exact);
    const plain = exact ? new ExactSet(words) : new FingerprintSet(words);
    const pair: Pair = { plain, module: new SpillingSet(lower), buffer, batch: new Batch(200) };
    const rooms: Int32Array[] = [];
    for (let n = 0; n < 60_000; n += 100) {
      insert(
        pair,
        statesOf(
          Array.from({ length: 200 }, (__, k) => Math.imul(n + (k % 150), 0x9e3779b1) >>> 12),
          words,
        ),
      );
      for (const set of [pair.plain, pair.module]) set.expandedBelow(n >> 1);
      if (n % 20_000 !== 10_000) continue;
      const from = lower.room(4 * (n + 1), 2 ** 28) / 4;
      const room = memory().subarray(from, from + n + 1);
      expect(room.some((word) => word !== 0)).toBe(false);
      rooms.push(room.fill(n));
    }
    expect(rooms.map((room) => [room[0], room.at(-1)])).toEqual([10_000, 30_000, 50_000].map((n) => [n, n]));
    const kept = pair.plain.states >> 1;
    expect(rowsOf(pair.module, words, kept)).toEqual(rowsOf(pair.plain, words, kept));
    expect(() => lower.room(2 ** 31, 2 ** 28)).toThrow('no memory for threads');
  });

  it.each([2 ** 27, 2 ** 20])('is the same when its table lies apart, in %i bytes', (bytes) => {
    const words = 5;
    const { set: lower, buffer } = moduleSet(words, exact, undefined, bytes);
    const near = moduleSet(words, exact).set;
    const plain = exact ? new ExactSet(words) : new FingerprintSet(words);
    const pair: Pair = { plain, module: new SpillingSet(lower), buffer, batch: new Batch(200) };
    for (let n = 0; n < 60_000; n += 100) {
      const numbers = Array.from({ length: 200 }, (__, k) => Math.imul(n + (k % 150), 0x9e3779b1) >>> 12);
      insert(pair, statesOf(numbers, words));
      for (const set of [pair.plain, pair.module]) set.expandedBelow(n >> 1);
    }
    expect(lower.states).toBeGreaterThan(50_000);
    // There is no room for it in a megabyte.
    const [table, , , states] = lower.places;
    expect(table > states).toBe(bytes === 2 ** 27);
    expect(near.places[0]).toBeLessThan(near.places[3]);
    const kept = plain.states >> 1;
    expect(rowsOf(pair.module, words, kept)).toEqual(rowsOf(plain, words, kept));
  });

  it('says beforehand what it will take, and takes no more', () => {
    const { module, buffer, batch } = pairOf(4, exact);
    for (let n = 0; n < 40_000; n += 200) {
      batch.count = 0;
      for (let k = 0; k < 200; k++) {
        buffer[4 * k] = n + k;
        batch.add(4 * k, 0, 0);
      }
      const [before, growth] = [module.bytes, module.growthBytes(200)];
      module.insert(buffer, batch);
      module.expandedBelow(n);
      expect(module.bytes - before).toBe(growth);
    }
  });
});

it('stops loudly where hashes fill the end of its table', () => {
  const { set, buffer } = moduleSet(1, true);
  const batch = new Batch(1100);
  // States whose hashes are the largest: all of them have the last home.
  for (let n = 0; batch.count < 1100; n++) {
    buffer[batch.count] = n;
    if (hashWords(buffer, batch.count, 1) >>> 18 === 0x3fff) batch.add(batch.count, 0, 0);
  }
  expect(() => set.insert(buffer, batch)).toThrow('slots in a row');
});

it('finds what it holds, and nothing else', () => {
  for (const pagesMost of [undefined, few]) {
    const pair = pairOf(3, true, pagesMost);
    const numbers = Array.from({ length: 100 }, (_, k) => k);
    for (let n = 0; n < 30_000; n += 100)
      insert(
        pair,
        statesOf(
          numbers.map((k) => n + k),
          3,
        ),
      );
    expect(pair.module.upper === null).toBe(pagesMost === undefined);
    const { plain, module, buffer } = pair;
    if (!(plain instanceof ExactSet)) throw new Error('no exact set');
    for (const n of [0, 1, 17, 29_999, 30_000, 123_456]) {
      const [state = new Int32Array(3)] = statesOf([n], 3);
      buffer.set(state, 30);
      expect([module.find(state, 0), module.find(buffer, 30)]).toEqual([plain.find(state, 0), plain.find(state, 0)]);
    }
  }
});
