/**
 * Hashes of packed states.
 *
 * In: words. Out: 32-bit integers. Never: inlined into generated code (see the sizes that V8 optimises).
 *
 * Both lanes are MurmurHash3's 32-bit function with constants of their own. Each word is multiplied, turned
 * and multiplied again, so that no difference in a few bits of two words cancels for certain, as it does in
 * cheaper multiply-and-xor schemes; fingerprints rest on that.
 */

/** The numbers of a lane: `hashWords` and `hashWordsAgain` say what is done with them, and so does the text for modules. */
export const lanes = {
  low: {
    seed: 0x2c1b3c6d,
    first: 0xcc9e2d51,
    turn: 15,
    second: 0x1b873593,
    turnAgain: 13,
    add: 0xe6546b64,
    shifts: [16, 13, 16],
    mix: [0x85ebca6b, 0xc2b2ae35],
  },
  high: {
    seed: 0x297a2d39,
    first: 0x239b961b,
    turn: 16,
    second: 0xab0e9789,
    turnAgain: 19,
    add: 0x561ccd1b,
    shifts: [15, 12, 15],
    mix: [0x2c1b3c6d, 0x297a2d39],
  },
} as const;

/** The hash that exact search uses, and the low half of a fingerprint. */
export function hashWords(words: Int32Array, from: number, count: number): number {
  let h = 0x2c1b3c6d;
  const end = from + count;
  for (let i = from; i < end; i++) {
    let k = Math.imul(words[i] as number, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The high half of a fingerprint: another seed, other multipliers and turns. */
export function hashWordsAgain(words: Int32Array, from: number, count: number): number {
  let h = 0x297a2d39;
  const end = from + count;
  for (let i = from; i < end; i++) {
    let k = Math.imul(words[i] as number, 0x239b961b);
    k = (k << 16) | (k >>> 16);
    h ^= Math.imul(k, 0xab0e9789);
    h = (h << 19) | (h >>> 13);
    h = (Math.imul(h, 5) + 0x561ccd1b) | 0;
  }
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}
