/**
 * Two threads on shared words, one of which is stopped in the midst of its work: every schedule in which that happens once.
 *
 * In: what each of them does. Out: each way in which it can end. Never: a real thread, so no schedule depends on luck.
 */

/** Words that threads share, as the code under test sees them: reads, writes and operations of `Atomics` are one access each. */
export class SharedWords {
  readonly seen: Int32Array;
  readonly atomics: Pick<typeof Atomics, 'load' | 'compareExchange'>;
  /** Accesses so far, and what is done before that with number `stopAt`. */
  private accesses = 0;
  private stopAt = -1;
  private meanwhile: () => void = () => {};

  /** `torn`: an error on purpose, an exchange that is two accesses. */
  constructor(
    readonly words: Int32Array,
    torn: boolean,
  ) {
    const access = (): void => {
      if (this.accesses++ === this.stopAt) this.meanwhile();
    };
    const isIndex = (key: string | symbol): key is string => typeof key === 'string' && /^\d+$/.test(key);
    this.seen = new Proxy(words, {
      get: (target, key) => {
        if (isIndex(key)) access();
        return Reflect.get(target, key, target) as unknown;
      },
      set: (target, key, value) => {
        if (!isIndex(key)) return false;
        access();
        return Reflect.set(target, key, value, target);
      },
    });
    this.atomics = {
      load: (_: unknown, index: number) => {
        access();
        return words[index] as number;
      },
      compareExchange: (_: unknown, index: number, expected: number, next: number) => {
        access();
        const before = words[index] as number;
        if (torn) access();
        if (before === expected) words[index] = next;
        return before;
      },
    } as SharedWords['atomics'];
  }

  /** Does `first`, and before its access with number `stopAt` all of `second`. False: it has fewer, so `second` came after it. */
  run(first: () => void, second: () => void, stopAt: number): boolean {
    let done = false;
    this.meanwhile = () => {
      done = true;
      second();
    };
    this.accesses = 0;
    this.stopAt = stopAt;
    first();
    this.stopAt = -1;
    if (!done) second();
    return done;
  }
}
