/**
 * Sizes of hash tables: 2^k slots and 3/4 of that, in turn, so that a large table that has just grown is not half empty.
 *
 * In: a number of slots. Out: how hashes are spread over it. Never: a division on the way to a slot.
 */
export interface Size {
  /** Slots. */
  readonly count: number;
  /** Of the next power of two: its slots less one. */
  readonly mask: number;
  /** How many quarters of that there are: 3 or 4. */
  readonly quarters: number;
}

/** Of a power of two, or three quarters of one. */
export function sizeOf(count: number): Size {
  const mask = 2 ** Math.ceil(Math.log2(count)) - 1;
  return { count, mask, quarters: (4 * count) / (mask + 1) };
}

/** Slots below which a table grows fourfold at first: growing costs time (states move), and what is half empty here is a few megabytes at most. */
const smallMost = 1 << 19;

export function sizeAfter(count: number): Size {
  const { mask, quarters } = sizeOf(count);
  if (count < smallMost) return sizeOf(Math.min(4 * (mask + 1), smallMost));
  return sizeOf(quarters === 4 ? (mask + 1) * 1.5 : mask + 1);
}

/** Filled slots of 32 at which a table grows. From then on 7/16 of those of a large one are filled at least: 18.3 bytes a state. */
const full = 21;

export function isFull(states: number, { count }: Size): boolean {
  return states * 32 > count * full;
}

/** States that a table of this size holds before it grows. */
export function statesMost({ count }: Size): number {
  return Math.floor((count * full) / 32);
}

export const initialSize = sizeOf(1 << 14);

/** The size of a table that has grown to hold so many states. */
export function sizeFor(states: number): Size {
  let size = initialSize;
  while (isFull(states, size)) size = sizeAfter(size.count);
  return size;
}

/** The slot from which on a hash is sought. */
export function homeOf(hash: number, mask: number, quarters: number): number {
  return Math.imul(hash & mask, quarters) >>> 2;
}
