import { describe, expect, it } from 'vitest';
import { Batch } from './batch.ts';
import { ExactSet } from './exact.ts';
import { FingerprintSet } from './fingerprint.ts';
import { hashWords, hashWordsAgain } from './hash.ts';
import { homeOf, sizeAfter, sizeOf } from './size.ts';
import type { SlotSet } from './slotSet.ts';
import { RecordStore } from './store.ts';

/** States (n, n², 0) for n below `count`, each one twice. */
function fill(set: SlotSet, count: number): number[] {
  const buffer = new Int32Array(3 * 64);
  const batch = new Batch(64);
  const ids: number[] = [];
  for (let n = 0; n < count; n += 32) {
    batch.count = 0;
    for (let k = 0; k < 64; k++) {
      const value = n + (k % 32);
      buffer.set([value, Math.imul(value, value), 0], 3 * k);
      batch.add(3 * k, value - 1, value);
    }
    const before = set.states;
    const made = set.insert(buffer, batch);
    for (let k = 0; k < made; k++) ids[before + k] = batch.labels[batch.fresh[k] as number] as number;
  }
  return ids;
}

describe.each([
  ['exact', () => new ExactSet(3)],
  ['fingerprint', () => new FingerprintSet(3)],
])('the %s set', (_, make) => {
  it('takes each state once, in order, over several growths of its table', () => {
    const set = make();
    const ids = fill(set, 64_000);
    expect(set.states).toBe(64_000);
    expect(ids.every((label, id) => label === id)).toBe(true);
    expect(set.parentOf(40_000)).toBe(39_999);
    expect(set.labelOf(40_000)).toBe(40_000);
    fill(set, 64_000);
    expect(set.states).toBe(64_000);
  });

  it('says beforehand what its next growth takes', () => {
    const set = make();
    expect(set.growthBytes(10_752)).toBe(0);
    expect(set.growthBytes(10_753)).toBe(4 * 8 * 2 ** 14);
  });
});

it('the exact set finds what it holds, and nothing else', () => {
  const set = new ExactSet(3);
  fill(set, 32_000);
  expect(set.find(Int32Array.of(9, 9, 1234, 1234 * 1234, 0), 2)).toBe(1234);
  expect(set.find(Int32Array.of(1234, 1234 * 1234, 1), 0)).toBe(-1);
});

it('records lie in segments that are given back one by one', () => {
  const store = new RecordStore(1000);
  const perSegment = store.mask + 1;
  for (let n = 0; n < 3 * perSegment; n++) {
    store.reserve(1);
    store.push(new Int32Array(1000).fill(n), 0);
  }
  expect(store.at(2 * perSegment + 5, 999)).toBe(2 * perSegment + 5);
  const before = store.bytes;
  store.releaseBelow(perSegment + 1);
  expect(store.bytes).toBe((before / 3) * 2);
  expect(store.at(perSegment, 0)).toBe(perSegment);
});

describe('a state of 8 words', () => {
  /** The most bytes a state between half a million and a million states, of which `waiting` in a hundred are not expanded. */
  function bytesAState(set: SlotSet, waiting: number): number {
    const buffer = new Int32Array(8 * 500);
    const batch = new Batch(500);
    let most = 0;
    while (set.states < 1_000_000) {
      batch.count = 0;
      for (let k = 0; k < 500; k++) {
        buffer[8 * k] = set.states + k;
        batch.add(8 * k, 0, 0);
      }
      set.insert(buffer, batch);
      set.expandedBelow(Math.floor(set.states * (1 - waiting / 100)));
      if (set.states >= 500_000) most = Math.max(most, set.bytes / set.states);
    }
    return most;
  }

  it('takes at most 60 bytes where it is kept', () => {
    expect(bytesAState(new ExactSet(8), 100)).toBeLessThanOrEqual(60);
  });

  it('takes at most 35 bytes as a fingerprint, a fifth of them waiting', () => {
    expect(bytesAState(new FingerprintSet(8), 20)).toBeLessThanOrEqual(35);
  });
});

describe('a size', () => {
  it('has a home for every hash, and grows by a half or a third where it is large', () => {
    for (let count = 1 << 14; count < 1 << 30; count = sizeAfter(count).count) {
      const { mask, quarters } = sizeOf(count);
      expect([0, -1, 1 << 31, 0x12345678].every((hash) => homeOf(hash, mask, quarters) < count)).toBe(true);
      expect(homeOf(-1, mask, quarters)).toBe(count - 1);
      expect(count < 1 << 19 ? [2, 4] : [1.5, 4 / 3]).toContain(sizeAfter(count).count / count);
    }
  });
});

describe('hashes', () => {
  it.each([
    ['hashWords', hashWords],
    ['hashWordsAgain', hashWordsAgain],
  ])('%s: changing one bit changes each bit of the hash about half of the time', (_, hash) => {
    const words = Int32Array.from({ length: 4 }, (__, k) => Math.imul(k + 1, 0x1234567));
    const flips = new Uint32Array(32);
    let rounds = 0;
    for (let seed = 0; seed < 200; seed++) {
      words[0] = seed;
      const before = hash(words, 0, 4);
      for (let bit = 0; bit < 128; bit++) {
        const at = bit >> 5;
        words[at] = (words[at] as number) ^ (1 << (bit & 31));
        const changed = before ^ hash(words, 0, 4);
        words[at] = (words[at] as number) ^ (1 << (bit & 31));
        for (let k = 0; k < 32; k++) flips[k] = (flips[k] as number) + ((changed >>> k) & 1);
        rounds++;
      }
    }
    for (const count of flips) expect(Math.abs(count / rounds - 0.5)).toBeLessThan(0.03);
  });

  it('no pair of flipped bits in two words collides for certain, in either lane', () => {
    for (const hash of [hashWords, hashWordsAgain]) {
      for (let a = 0; a < 32; a++) {
        for (let b = 0; b < 32; b++) {
          let collisions = 0;
          for (let seed = 1; seed <= 8; seed++) {
            const x = Math.imul(seed, 0x9e3779b1);
            const y = Math.imul(seed, 0x85ebca6b);
            if (hash(Int32Array.of(x, y), 0, 2) === hash(Int32Array.of(x ^ (1 << a), y ^ (1 << b)), 0, 2)) collisions++;
          }
          expect(collisions).toBeLessThan(4);
        }
      }
    }
  });
});
