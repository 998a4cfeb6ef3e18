/**
 * Random delays, with which tests make threads overtake each other.
 *
 * In: a seed. Out: a function that sometimes waits. Never: in a search that nobody tests.
 */
export interface Lingering {
  readonly seed: number;
  /** Milliseconds, at most. */
  readonly mostMs: number;
}

export function lingerer({ seed, mostMs }: Lingering): () => void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 0x5851f42d) + 0x14057b7f) | 0;
    const drawn = state >>> 8;
    if (drawn % 8 === 0) Atomics.wait(never, 0, 0, ((drawn >>> 3) % 1000) * (mostMs / 1000));
  };
}
