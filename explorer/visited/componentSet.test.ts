import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch, type StateSet } from './batch.ts';
import { ComponentSet } from './componentSet.ts';
import { ExactSet } from './exact.ts';

/** States of a few values a word, in batches. */
const searches = fc.integer({ min: 1, max: 70 }).chain((words) =>
  fc.record({
    words: fc.constant(words),
    shape: fc.record({ leaf: fc.integer({ min: 2, max: 9 }), inner: fc.integer({ min: 2, max: 4 }), root: fc.integer({ min: 1, max: 8 }) }),
    /** Each state is the one before with some words changed. */
    batches: fc.array(
      fc.array(fc.array(fc.tuple(fc.nat(words - 1), fc.integer({ min: -2, max: 2 })), { maxLength: 3 }), { maxLength: 20 }),
      { maxLength: 8 },
    ),
  }),
);
type SearchText = typeof searches extends fc.Arbitrary<infer T> ? T : never;

/** Numbers in their batch of the states that were new, batch by batch. */
function run(set: StateSet, { words, batches }: SearchText): number[][] {
  const state = new Int32Array(words);
  let label = 0;
  return batches.map((changes) => {
    const buffer = new Int32Array((changes.length + 1) * words);
    const batch = new Batch(changes.length + 1);
    changes.forEach((change, k) => {
      for (const [word, value] of change) state[word] = value;
      // As successors lie behind their parent.
      buffer.set(state, (k + 1) * words);
      batch.add((k + 1) * words, set.states - 1, label++);
    });
    expect(set.growthBytes(batch.count)).toBeGreaterThanOrEqual(0);
    const made = set.insert(buffer, batch);
    return [...batch.fresh.subarray(0, made)];
  });
}

function contents(set: StateSet & { readonly words: number }): unknown {
  return Array.from({ length: set.states }, (_, id) => {
    const words = new Int32Array(set.words);
    set.copyTo(id, words, 0);
    expect(set.find(words, 0)).toBe(id);
    return [words.join(), set.parentOf(id), set.labelOf(id)];
  });
}

function savedBy(set: StateSet): Int32Array {
  const written: number[] = [];
  set.save({ write: (words) => void written.push(...words) });
  return Int32Array.from(written);
}

function loadedInto<S extends StateSet>(set: S, words: Int32Array): S {
  let at = 0;
  set.load({
    read: (target) => {
      target.set(words.subarray(at, at + target.length));
      at += target.length;
    },
  });
  expect(at).toBe(words.length);
  return set;
}

describe('a set of components', () => {
  it('gives the ids, and keeps the states, that the exact set does', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const [exact, components] = [new ExactSet(search.words), new ComponentSet(search.words, search.shape)];
        expect(run(components, search)).toEqual(run(exact, search));
        expect(contents(components)).toEqual(contents(exact));
        const strange = new Int32Array(search.words).fill(7);
        expect(components.find(strange, 0)).toBe(-1);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('is saved as the exact set is, and either is loaded from that; taken over, it goes on in the same way', () => {
    fc.assert(
      fc.property(searches, searches, (search, { batches }) => {
        const { words, shape } = search;
        const [exact, components] = [new ExactSet(words), new ComponentSet(words, shape)];
        run(exact, search);
        run(components, search);
        const saved = savedBy(exact);
        expect(savedBy(components)).toEqual(saved);
        const further = { words, shape, batches: batches.map((batch) => batch.map((change) => change.filter(([word]) => word < words))) };
        const taken = new ComponentSet(words, shape);
        taken.takeOver(exact);
        const others = [loadedInto(new ComponentSet(words, shape), saved), loadedInto(new ExactSet(words), saved), taken];
        const expected = run(exact, further);
        for (const other of others) {
          expect(run(other, further)).toEqual(expected);
          expect(contents(other)).toEqual(contents(exact));
        }
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it('takes a third of the memory where states are wide and have much in common', () => {
    const words = 30;
    const [exact, components] = [new ExactSet(words), new ComponentSet(words)];
    const buffer = new Int32Array(words * 100);
    const batch = new Batch(100);
    for (let n = 0; n < 400_000; n += 100) {
      batch.count = 0;
      for (let k = 0; k < 100; k++) {
        // Three processes of ten words each, with some dozens of states.
        for (let i = 0; i < words; i++) buffer[k * words + i] = Math.imul(Math.floor((n + k) / 74 ** Math.floor(i / 10)) % 74, i);
        batch.add(k * words, 0, 0);
      }
      exact.insert(buffer, batch);
      components.insert(buffer, batch);
    }
    expect(components.states).toBe(exact.states);
    expect(components.bytes / exact.bytes).toBeLessThan(0.34);
  });
});
