import { describe, expect, it } from 'vitest';
import { strandsText } from './kernelText.ts';

/** The text is JavaScript, too. */
function hashing(words: number): (state: Int32Array) => number {
  const state = new Int32Array(words);
  const hash = new Function('M', `${strandsText(words)}return hash`)(state) as (at: number) => number;
  return (given) => {
    state.set(given);
    return hash(0);
  };
}
const stateOf = (words: number, seed: number) => Int32Array.from({ length: words }, (_, k) => Math.imul(k + seed, 0x1234567));

describe.each([16, 19, 41, 50])('the hash of states of %i words', (words) => {
  const hash = hashing(words);

  it('depends on every bit, about half of its own on each', () => {
    const state = stateOf(words, 5);
    const flips = new Uint32Array(32);
    const before = hash(state);
    for (let bit = 0; bit < 32 * words; bit++) {
      const at = bit >> 5;
      state[at] = (state[at] as number) ^ (1 << (bit & 31));
      const changed = before ^ hash(state);
      state[at] = (state[at] as number) ^ (1 << (bit & 31));
      expect(changed).not.toBe(0);
      for (let k = 0; k < 32; k++) flips[k] = (flips[k] as number) + ((changed >>> k) & 1);
    }
    for (const count of flips) expect(Math.abs(count / (32 * words) - 0.5)).toBeLessThan(0.1);
  });

  it('is another one for every two bits in different words', () => {
    for (const seed of [9, 77]) {
      const before = hash(stateOf(words, seed));
      for (const [a, b] of [
        [0, 4],
        [1, 5],
        [0, 1],
        [words - 5, words - 1],
      ] as const) {
        for (let bits = 0; bits < 1024; bits++) {
          const state = stateOf(words, seed);
          state[a] = (state[a] as number) ^ (1 << (bits & 31));
          state[b] = (state[b] as number) ^ (1 << (bits >> 5));
          if (hash(state) === before) expect({ a, b, bits }).toBeNull();
        }
      }
    }
  });
});
