/**
 * A key of 64 bits for a row of whole numbers of 32 bits.
 *
 * In: numbers, in order. Out: text that is equal for equal rows. Never: a proof: two of a million different rows share a key with a chance of 3 * 10^-8.
 */
export class Mixer {
  #a = 0x9747_b28c;
  #b = 0x2c1b_3c6d;

  mix(value: number): void {
    this.#a = mixed(this.#a, value, 0xcc9e_2d51, 0x1b87_3593);
    this.#b = mixed(this.#b, value, 0x85eb_ca6b, 0xc2b2_ae35);
  }

  /** Of what was mixed in so far. */
  key(): string {
    return `${(finished(this.#a) >>> 0).toString(36)}.${(finished(this.#b) >>> 0).toString(36)}`;
  }
}

/** One round of MurmurHash3 (A. Appleby) for 32 bits; the constants differ between the two halves. */
function mixed(hash: number, value: number, first: number, second: number): number {
  const scrambled = Math.imul(value, first);
  const h = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), second);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe654_6b64) | 0;
}
function finished(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
